//! Somebody says that something is wrong with a part, and hears what became of it; nobody else learns of it.

mod support;

use domain::access::Who;
use domain::comments::Checking;
use domain::groups::{GroupKind, GroupRole, Visibility};
use domain::ids::{DesignId, ReportId, SectionId};
use domain::moment::Moment;
use domain::people::Role;
use domain::safety::{ReportOutcome, ReportWhy};
use service::Refused;
use service::designs::{Draft, NewDesign, Shape, TypedWipe};
use service::home::What;
use service::safety::reports::{TypedReply, TypedReport};
use support::{Test, moved_on, wrong};

struct House {
    robin: Who,
    sam: Who,
    lead: Who,
    worker: Who,
    outsider: Who,
    design: DesignId,
    idea: SectionId,
}

async fn house(t: &Test, visibility: Visibility) -> House {
    let group = t.group_of("Youth Council", GroupKind::YouthCouncil, visibility, Checking::HoldAll).await;
    let worker = t.member("Wim", Role::Officer, group, GroupRole::Worker).await;
    t.member("Ada", Role::Officer, group, GroupRole::Worker).await;
    let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
    let sam = t.member("Sam", Role::YoungPerson, group, GroupRole::Member).await;
    let lead = t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await;
    let outsider = t.person("Kit", Role::YoungPerson).await;
    let slug = t.agreed(&worker, "youth-council", &[&robin, &sam, &lead]).await;
    let words = "Ring Robin on 07700 900123.".to_owned();
    let sections = vec![Draft { heading: "Our idea".to_owned(), words }];
    let design = t.service.start_design(&sam, &slug, t.form(), NewDesign { title: "Later buses", sections }).await;
    let design = design.expect("started");
    let idea = t.service.view_design(&robin, design).await.expect("seen").sections[0].id;
    House { robin, sam, lead, worker, outsider, design, idea }
}

impl House {
    async fn report(&self, t: &Test, who: &Who, why: &str, words: &str) -> Result<ReportId, Refused> {
        t.pass(Moment::MINUTE);
        t.service.report_section(who, (self.design, self.idea), t.form(), TypedReport { why, words }).await
    }

    async fn answer(&self, t: &Test, who: &Who, id: ReportId, outcome: &str, reason: &str) -> Result<(), Refused> {
        t.pass(Moment::MINUTE);
        t.service.answer_report(who, (self.design, id), t.form(), TypedReply { outcome, reason }).await
    }
}

#[tokio::test]
async fn a_report_reaches_a_worker_and_the_answer_reaches_who_said_it() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let s = &t.service;
        // Nobody sees more of the part here than elsewhere.
        let form = s.report_form(&h.robin, h.design, h.idea).await.expect("a form");
        assert!(!form.html.contains("900123") && form.waits.is_none(), "{}: {}", t.engine, form.html);
        assert_eq!(wrong(h.report(&t, &h.robin, "", "").await), ["why choose"]);
        assert_eq!(wrong(h.report(&t, &h.robin, "other", "").await), ["words empty"]);
        let mark = t.form();
        let typed = TypedReport { why: "private", words: "That is my number: 07700 900123." };
        let id = s.report_section(&h.robin, (h.design, h.idea), mark, typed).await.expect("said");
        assert_eq!(s.report_section(&h.robin, (h.design, h.idea), mark, typed).await.expect("again"), id);
        assert_eq!(moved_on(h.report(&t, &h.robin, "unkind", "").await), "reported-already");
        let form = s.report_form(&h.robin, h.design, h.idea).await.expect("a form");
        assert_eq!(form.waits, Some(id), "{}", t.engine);

        // The worker finds it; a worker of another group does not.
        let queue = s.words_to_check(&h.worker).await.expect("a queue").reports;
        assert_eq!(queue.iter().map(|r| (r.id, r.why)).collect::<Vec<_>>(), [(id, ReportWhy::Private)], "{}", t.engine);
        let home = s.home(&h.worker).await.expect("home").needs;
        assert!(home.iter().any(|n| matches!(n.what, What::Check { .. })), "{}: {home:?}", t.engine);
        let other = t.group("Others", Visibility::Open).await;
        let stranger = t.member("Zed", Role::Officer, other, GroupRole::Worker).await;
        assert!(s.words_to_check(&stranger).await.expect("a queue").reports.is_empty(), "{}", t.engine);
        let seen = s.report_page(&h.worker, h.design, id).await.expect("a page");
        let work = seen.for_workers.expect("for workers");
        assert_eq!(work.by.name.as_deref(), Some("Robin"));
        assert!(work.html.contains("900123") && !work.written_since, "{}: {}", t.engine, work.html);
        let mine = s.report_page(&h.robin, h.design, id).await.expect("a page");
        assert!(mine.for_workers.is_none() && mine.reply.is_none());
        // To everybody else there is none.
        for who in [&h.sam, &h.lead, &h.outsider, &stranger, &Who::nobody()] {
            let page = s.report_page(who, h.design, id).await;
            assert!(matches!(page, Err(Refused::Unknown)), "{}: {page:?}", t.engine);
            let done = h.answer(&t, who, id, "stays", "It can stay.").await;
            assert!(
                matches!(done, Err(Refused::Unknown | Refused::Ended | Refused::NotAllowed)),
                "{}: {done:?}",
                t.engine
            );
        }
        let done = h.answer(&t, &h.robin, id, "stays", "It can stay.").await;
        assert!(matches!(done, Err(Refused::NotAllowed)), "{}: {done:?}", t.engine);

        // What is wiped goes from the report, too.
        let wipe = TypedWipe { words: "07700 900123", sure: true };
        s.wipe_words(&h.worker, h.design, t.form(), wipe).await.expect("wiped");
        let seen = s.report_page(&h.worker, h.design, id).await.expect("a page");
        assert_eq!(seen.words, "That is my number: ….", "{}", t.engine);
        assert!(!seen.for_workers.expect("for workers").written_since);

        assert_eq!(wrong(h.answer(&t, &h.worker, id, "", "").await), ["outcome choose", "reason empty"]);
        h.answer(&t, &h.worker, id, "changed", "Thank you. It is gone.").await.expect("answered");
        assert_eq!(moved_on(h.answer(&t, &h.worker, id, "stays", "No.").await), "report-answered");
        assert!(s.words_to_check(&h.worker).await.expect("a queue").reports.is_empty(), "{}", t.engine);
        let mine = s.report_page(&h.robin, h.design, id).await.expect("a page").reply.expect("a reply");
        assert_eq!((mine.outcome, mine.reason.as_str()), (ReportOutcome::Changed, "Thank you. It is gone."));
        let told = |needs: Vec<service::home::Need>| {
            needs.iter().filter(|n| matches!(n.what, What::ReportAnswered { report, .. } if report == id)).count()
        };
        assert_eq!(told(s.home(&h.robin).await.expect("home").needs), 1, "{}", t.engine);
        assert_eq!(told(s.home(&h.sam).await.expect("home").needs), 0, "{}", t.engine);
        // And then there can be another one.
        h.report(&t, &h.robin, "unkind", "").await.expect("said");
        let acts = t.audited().await;
        assert!(acts.contains(&"CheckWords".to_owned()) && !acts.contains(&"ReportWords".to_owned()), "{acts:?}");
    }
}

#[tokio::test]
async fn who_may_read_may_report_and_what_is_gone_is_not_reported() {
    for t in support::all().await {
        let h = house(&t, Visibility::Open).await;
        let s = &t.service;
        h.report(&t, &h.outsider, "worry", "").await.expect("said");
        let page = s.report_form(&Who::nobody(), h.design, h.idea).await;
        assert!(matches!(page, Err(Refused::NotAllowed)), "{}: {page:?}", t.engine);
        let hidden = h.report(&t, &h.sam, "private", "").await.expect("said");
        s.shape_design(&h.lead, h.design, t.form(), Shape::Remove(h.idea)).await.expect("taken out");
        assert_eq!(moved_on(h.report(&t, &h.robin, "unkind", "").await), "section-gone");
        assert_eq!(moved_on(s.report_form(&h.robin, h.design, h.idea).await), "section-gone");
        // What was said before is still answered.
        let seen = s.report_page(&h.worker, h.design, hidden).await.expect("a page");
        assert!(seen.for_workers.expect("for workers").removed);
        h.answer(&t, &h.worker, hidden, "handed-on", "Ask the lead.").await.expect("answered");
    }
}
