//! Two instances on one PostgreSQL: whoever writes on one stands in the list of the other, with the part they write in.

mod support;

use std::time::Duration;

use domain::access::Who;
use domain::groups::{GroupRole, Visibility};
use domain::ids::{PersonId, SectionId};
use domain::people::Role;
use service::Service;
use service::designs::live::{Heard, Joined};
use service::designs::{Draft, NewDesign};
use service::news::Event;

/// Longest wait for something that has to come.
const LONGEST: Duration = Duration::from_secs(60);

/// Carries news for an instance from now on.
async fn carried(service: &Service) {
    let (mut news, carrier) = (service.news().listen(), service.clone());
    tokio::spawn(async move { carrier.carry_news().await });
    let listening = async { while news.recv().await.expect("news") != Event::LookAgain {} };
    tokio::time::timeout(LONGEST, listening).await.expect("it listens");
}

/// Waits until the list of who else is here is this one.
async fn until(joined: &mut Joined, me: &Who, wanted: &[(PersonId, Option<SectionId>)]) {
    let seen = |joined: &Joined| -> Vec<(PersonId, Option<SectionId>)> {
        joined.seat.room().others(me.id()).into_iter().map(|g| (g.person, g.section)).collect()
    };
    let mut wanted = wanted.to_vec();
    wanted.sort();
    let waiting = async {
        while seen(joined) != wanted {
            while joined.heard.recv().await.is_ok_and(|heard| !matches!(heard, Heard::People)) {}
        }
    };
    let waited = tokio::time::timeout(LONGEST, waiting).await;
    assert!(waited.is_ok(), "never {wanted:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_writes_on_one_instance_is_seen_on_the_other() {
    for t in support::all().await.into_iter().filter(|t| t.engine == "postgres") {
        let group = t.group("Youth Council", Visibility::Members).await;
        let worker = t.member("Wim", Role::Officer, group, GroupRole::Worker).await;
        t.member("Ada", Role::Officer, group, GroupRole::Worker).await;
        let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
        let sam = t.member("Sam", Role::YoungPerson, group, GroupRole::Member).await;
        let slug = t.agreed(&worker, "youth-council", &[&robin, &sam]).await;
        let sections = vec![Draft { heading: "Our idea".to_owned(), words: "A bus at ten.".to_owned() }];
        let new = NewDesign { title: "Later buses", sections };
        let design = t.service.start_design(&robin, &slug, t.form(), new).await.expect("started");
        let idea = t.service.view_design(&robin, design).await.expect("seen").sections[0].id;
        let (robin_id, sam_id) = (robin.id().expect("somebody"), sam.id().expect("somebody"));

        let (near, far) = (&t.service, Service::new(t.service.store().clone(), t.service.world().clone()));
        carried(near).await;
        carried(&far).await;
        let mut here = near.join_room(&robin, design, None).await.expect("in the room");
        here.seat.here(Some(idea));
        let mut there = far.join_room(&sam, design, None).await.expect("in the room");
        // Whoever comes learns who was there before, and those who were there that somebody has come.
        until(&mut there, &sam, &[(robin_id, Some(idea))]).await;
        until(&mut here, &robin, &[(sam_id, None)]).await;
        there.seat.here(Some(idea));
        until(&mut here, &robin, &[(sam_id, Some(idea))]).await;
        assert_eq!(here.seat.room().others(Some(robin_id))[0].name, "Sam");
        // A second page of the same person is the same person.
        let again = near.join_room(&sam, design, None).await.expect("in the room");
        until(&mut here, &robin, &[(sam_id, Some(idea))]).await;
        drop(again);
        drop(there);
        until(&mut here, &robin, &[]).await;
    }
}
