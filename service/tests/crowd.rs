//! A crowd that writes live at the same moment: everything is kept, by one task.

mod support;

use domain::designs::shared_text::{SharedText, Writer};
use domain::groups::{GroupRole, Visibility};
use domain::people::Role;
use futures::future::join_all;
use service::designs::live::Joined;
use service::designs::{Draft, NewDesign};

const CROWD: usize = 24;
const ROUNDS: usize = 3;

struct Pen {
    joined: Joined,
    writer: Writer,
    text: SharedText,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_crowd_writes_at_once_is_kept_by_one_task() {
    for t in support::all().await {
        let group = t.group("Youth Council", Visibility::Members).await;
        let worker = t.member("Wim", Role::Officer, group, GroupRole::Worker).await;
        t.member("Ada", Role::Officer, group, GroupRole::Worker).await;
        let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
        let slug = t.agreed(&worker, "youth-council", &[&robin]).await;
        let sections = vec![Draft { heading: "Our idea".to_owned(), words: String::new() }];
        let new = NewDesign { title: "Later buses", sections };
        let design = t.service.start_design(&robin, &slug, t.form(), new).await.expect("started");
        let idea = t.service.view_design(&robin, design).await.expect("seen").sections[0].id;
        let robin = t.visit(&t.session(&robin).await).await.who;

        let mut pens = Vec::new();
        for _ in 0..CROWD {
            let joined = t.service.join_room(&robin, design, None).await.expect("in the room");
            let (writer, _) = t.service.live_writer(robin.id().expect("somebody"), design);
            let text = SharedText::of(writer, joined.changes.iter().map(|(_, u)| u.as_slice())).expect("whole");
            pens.push(Pen { joined, writer, text });
        }
        let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
        let before = tasks();
        for round in 1..=ROUNDS {
            let writes = pens.iter().enumerate().map(|(n, pen)| {
                let update = pen.text.write(idea, &(0..round).map(|r| format!("[{n}-{r}]")).collect::<String>());
                t.service.write_live(&pen.joined.seat, pen.writer, update)
            });
            let kept = join_all(writes).await;
            assert!(kept.iter().all(Result::is_ok), "{}: {kept:?}", t.engine);
            // The one that has just answered may still be on its way home, and connections on theirs; there is not one for
            // each who wrote, waiting for nothing.
            assert!(tasks() < before + CROWD / 2, "{}: {} tasks, {before} before", t.engine, tasks());
        }
        let words = t.service.write_design(&robin, design).await.expect("to write").sections[0].words.clone();
        for n in 0..CROWD {
            for round in 0..ROUNDS {
                let mark = format!("[{n}-{round}]");
                assert!(words.contains(&mark), "{}: {mark} of {words}", t.engine);
            }
        }
    }
}
