//! Ways to start a design that staff made: whoever starts one can choose them.

mod support;

use domain::groups::{GroupRole, Visibility};
use domain::people::Role;
use service::Refused;
use service::designs::{Draft, NewDesign};
use service::templates::TypedTemplate;
use support::{moved_on, wrong};

#[tokio::test]
async fn what_staff_made_can_be_chosen_until_it_is_taken_away() {
    for t in support::all().await {
        let s = &t.service;
        let group = t.group("Youth Council", Visibility::Members).await;
        let worker = t.member("Wim", Role::Officer, group, GroupRole::Worker).await;
        t.member("Ada", Role::Officer, group, GroupRole::Worker).await;
        let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
        let lead = t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await;
        let slug = t.agreed(&worker, "youth-council", &[&robin, &lead]).await;
        let typed = |name, headings| TypedTemplate { name, headings };
        let (many, long) = ("One\n".repeat(61), format!("One\n{}", "a".repeat(141)));
        for (name, headings, problems) in [
            ("", "", vec!["name empty", "headings empty"]),
            ("A club", " \r\n \u{200b}", vec!["headings empty"]),
            ("A club", &many, vec!["headings too-many"]),
            ("A club", &long, vec!["headings too-long"]),
        ] {
            assert_eq!(
                wrong(s.make_template(&worker, t.form(), typed(name, headings)).await),
                problems,
                "{}",
                t.engine
            );
        }
        let form = t.form();
        for _ in 0..2 {
            s.make_template(&worker, form, typed("A club", "Who comes\r\n\r\n What it costs ")).await.expect("made");
        }
        assert_eq!(wrong(s.make_template(&worker, t.form(), typed(" a CLUB", "One")).await), ["name taken"]);
        for who in [&robin, &lead] {
            let made = s.make_template(who, t.form(), typed("Mine", "One")).await;
            assert!(matches!(made, Err(Refused::NotAllowed)), "{}: {made:?}", t.engine);
            assert!(matches!(s.list_templates(who).await, Err(Refused::NotAllowed)));
        }
        let page = s.new_design_form(&robin, &slug).await.expect("a form");
        assert_eq!(page.own.len(), 1, "{}", t.engine);
        assert!(!page.makes && s.new_design_form(&worker, &slug).await.expect("a form").makes);
        let id = page.own[0].id;
        let headings = page.own[0].headings.clone();
        assert_eq!(headings, ["Who comes", "What it costs"], "{}", t.engine);
        let sections = headings.into_iter().map(|heading| Draft { heading, words: String::new() }).collect();
        let design = s.start_design(&robin, &slug, t.form(), NewDesign { title: "A chess club", sections }).await;
        let design = design.expect("started");
        // A design is its own from then on.
        let seen = page.own[0].changed_at;
        for _ in 0..2 {
            s.change_template(&worker, id, typed("A club", "Who comes"), seen).await.expect("changed");
        }
        let late = s.change_template(&worker, id, typed("A club", "Who pays"), seen).await;
        assert_eq!(moved_on(late), "template-changed", "{}", t.engine);
        s.remove_template(&worker, id).await.expect("gone");
        s.remove_template(&worker, id).await.expect("gone already");
        assert_eq!(s.view_design(&robin, design).await.expect("seen").sections.len(), 2, "{}", t.engine);
        assert!(matches!(s.template(&worker, id).await, Err(Refused::Unknown)));
        assert!(s.new_design_form(&robin, &slug).await.expect("a form").own.is_empty(), "{}", t.engine);
        let old = s.make_template(&worker, form, typed("A club", "Who comes\r\n\r\n What it costs ")).await;
        assert_eq!(moved_on(old), "sent-before", "{}", t.engine);
        s.make_template(&worker, t.form(), typed("A club", "One")).await.expect("its name is free again");
    }
}
