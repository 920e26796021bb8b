//! What may be kept on a device: asked for on this one, by nobody who shares it, and of no hidden group that minds.

mod support;

use domain::access::Who;
use domain::comments::Checking;
use domain::designs::Stage;
use domain::groups::{GroupKind, GroupRole, Visibility};
use domain::ids::DesignId;
use domain::people::Role;
use service::Refused;
use service::access::Visit;
use service::designs::{Draft, Keep, NewDesign};
use service::groups::GroupChange;
use support::{Test, moved_on};

struct House {
    sam: Who,
    lead: Who,
    worker: Who,
    observer: Who,
    outsider: Who,
    design: DesignId,
}

async fn house(t: &Test, visibility: Visibility) -> House {
    let group = t.group_of("Youth Council", GroupKind::YouthCouncil, visibility, Checking::After).await;
    let worker = t.member("Wim", Role::Officer, group, GroupRole::Worker).await;
    t.member("Ada", Role::Officer, group, GroupRole::Worker).await;
    let sam = t.member("Sam", Role::YoungPerson, group, GroupRole::Member).await;
    let lead = t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await;
    let observer = t.member("Bo", Role::BoardMember, group, GroupRole::Observer).await;
    let outsider = t.person("Kit", Role::YoungPerson).await;
    let slug = t.agreed(&worker, "youth-council", &[&sam, &lead]).await;
    let sections = vec![Draft { heading: "Our idea".to_owned(), words: "A lamp.".to_owned() }];
    let design = t.service.start_design(&sam, &slug, t.form(), NewDesign { title: "Later buses", sections }).await;
    House { sam, lead, worker, observer, outsider, design: design.expect("started") }
}

/// A session of somebody in which they asked for it.
async fn asked(t: &Test, who: &Who) -> Visit {
    let secret = t.session(who).await;
    let visit = t.visit(&secret).await;
    t.service.keep_designs_here(&visit, true).await.expect("kept from now on");
    t.visit(&secret).await
}

#[tokio::test]
async fn a_design_is_kept_for_who_asked_on_this_device_and_for_nobody_else() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let s = &t.service;
        let secret = t.session(&h.sam).await;
        let visit = t.visit(&secret).await;
        assert_eq!(s.keep_on_device(&visit, h.design).await.expect("asked"), None, "{}: off at first", t.engine);
        let sam = asked(&t, &h.sam).await;
        assert_eq!(s.keep_on_device(&sam, h.design).await.expect("asked"), Some(Keep::Writes), "{}", t.engine);
        // The other session of the same person did not ask.
        assert_eq!(s.keep_on_device(&t.visit(&secret).await, h.design).await.expect("asked"), None, "{}", t.engine);
        let mine = s.my_data(&sam).await.expect("my data").sessions;
        assert_eq!(mine.iter().filter(|line| line.keeps && line.this).count(), 1, "{}", t.engine);
        let observer = asked(&t, &h.observer).await;
        assert_eq!(s.keep_on_device(&observer, h.design).await.expect("asked"), Some(Keep::Reads), "{}", t.engine);
        let outsider = asked(&t, &h.outsider).await;
        assert!(matches!(s.keep_on_device(&outsider, h.design).await, Err(Refused::Unknown)), "{}", t.engine);
        assert!(matches!(s.keep_designs_here(&Visit::nobody(), true).await, Err(Refused::NotAllowed)));

        // While nobody may write there is nothing to write.
        s.pause_writing(&h.worker, h.design, true).await.expect("paused");
        assert_eq!(s.keep_on_device(&sam, h.design).await.expect("asked"), Some(Keep::Reads), "{}", t.engine);
        let stopped = Stage::Stopped.name();
        s.move_stage(&h.lead, h.design, t.form(), Stage::Drafting.name(), stopped, "No money.").await.expect("moved");
        assert_eq!(s.keep_on_device(&sam, h.design).await.expect("asked"), Some(Keep::Reads), "{}", t.engine);

        s.keep_designs_here(&sam, false).await.expect("not any more");
        let mine = s.my_data(&sam).await.expect("my data").sessions;
        assert!(mine.iter().all(|line| !line.keeps), "{}", t.engine);
    }
}

#[tokio::test]
async fn nothing_is_kept_on_a_device_that_others_use() {
    for t in support::all().await {
        let h = house(&t, Visibility::Open).await;
        let secret = t.session(&h.sam).await;
        let visit = t.visit(&secret).await;
        t.service.keep_designs_here(&visit, true).await.expect("kept from now on");
        let mut tx = t.service.store().write().await.expect("a transaction");
        let sql = "update sessions set shared = true";
        match &mut tx {
            store::Tx::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
            store::Tx::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
        }
        .expect("shared");
        tx.commit().await.expect("committed");
        let visit = t.visit(&secret).await;
        assert!(visit.session.is_some_and(|session| session.shared && !session.keeps), "{}", t.engine);
        assert_eq!(t.service.keep_on_device(&visit, h.design).await.expect("asked"), None, "{}", t.engine);
        assert_eq!(moved_on(t.service.keep_designs_here(&visit, true).await), "shared-device", "{}", t.engine);
    }
}

#[tokio::test]
async fn a_hidden_group_stays_here_until_it_says_otherwise() {
    for t in support::all().await {
        let h = house(&t, Visibility::Hidden).await;
        let sam = asked(&t, &h.sam).await;
        assert_eq!(t.service.keep_on_device(&sam, h.design).await.expect("asked"), None, "{}", t.engine);
        let change = |on_devices| GroupChange {
            name: "Youth Council",
            purpose: "We look after one thing together.",
            visibility: "hidden",
            checking: "after",
            threshold: "5",
            on_devices,
        };
        t.service.change_group(&h.worker, "youth-council", change("yes")).await.expect("changed");
        assert_eq!(t.service.keep_on_device(&sam, h.design).await.expect("asked"), Some(Keep::Writes), "{}", t.engine);
        assert!(t.service.group_settings(&h.worker, "youth-council").await.expect("seen").on_devices, "{}", t.engine);
        t.service.change_group(&h.worker, "youth-council", change("no")).await.expect("changed");
        assert_eq!(t.service.keep_on_device(&sam, h.design).await.expect("asked"), None, "{}", t.engine);
    }
}
