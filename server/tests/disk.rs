//! A full disk: what cannot be saved is told with the words on the page and a number that stands in the log, reading goes
//! on, nothing acknowledged is lost, and when there is room again everything works by itself.

mod real;

use std::path::{Path, PathBuf};
use std::process::Command;

use real::house::{self, Form, Found, House, Kind};
use real::{Folder, Program};
use store::Store;

/// What fills the disk and empties it again.
trait Disk {
    fn fill(&self, program: &Program);
    fn empty(&self, program: &Program);
}

/// No file of the program may grow: every write beyond its first byte fails.
struct Limit;

impl Limit {
    fn set(program: &Program, soft: &str) {
        let id = program.child.id().expect("running").to_string();
        let arguments = ["--pid", &id, &format!("--fsize={soft}:unlimited")];
        assert!(Command::new("prlimit").args(arguments).status().expect("prlimit runs").success());
    }
}

impl Disk for Limit {
    fn fill(&self, program: &Program) {
        Self::set(program, "1");
    }
    fn empty(&self, program: &Program) {
        Self::set(program, "unlimited");
    }
}

/// A small file system in memory; only an administrator may make one.
struct Small(PathBuf);

impl Small {
    fn mount(folder: &Folder) -> Option<Self> {
        let at = folder.join("small");
        std::fs::create_dir_all(&at).expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"]).arg(&at);
        mount.output().is_ok_and(|out| out.status.success()).then_some(Self(at))
    }
    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).output();
    }
}

impl Disk for Small {
    fn fill(&self, _: &Program) {
        let full = std::fs::write(self.filler(), vec![7u8; 16 << 20]);
        assert!(full.is_err(), "16 MB fit into 12");
    }
    fn empty(&self, _: &Program) {
        std::fs::remove_file(self.filler()).expect("there is room again");
    }
}

async fn write(house: &House, program: &Program, n: usize) -> (Form, real::Answer) {
    let kind = Kind::ALL[n % Kind::ALL.len()];
    let form = house.next(program.addr, kind, n, format!("q{n}e")).await.expect("a form");
    let answer = form.send(program.addr).await.expect("an answer");
    (form, answer)
}

async fn survives(folder: &Folder, file: &Path, disk: &impl Disk, log_is_elsewhere: bool) {
    let url = format!("sqlite:{}", real::path_text(file));
    let store = Store::open(&url).await.expect("it opens");
    store.migrate().await.expect("tables");
    let house = house::plant(&store, 10).await;
    store.close().await;
    let program = Program::start_so_that_writing_may_fail(folder, &url).await;
    let mut taken = Vec::new();
    for n in 0..5 {
        let (form, answer) = write(&house, &program, n).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        taken.push(form);
    }

    disk.fill(&program);
    let (mut refused, mut pages) = (Vec::new(), Vec::new());
    // What was open of the file may take a little more; then every kind of form is refused.
    for n in 5..200 {
        let (form, answer) = write(&house, &program, n).await;
        match answer.status {
            303 => taken.push(form),
            507 => {
                assert!(answer.body.contains(&form.token), "words are lost: {}", answer.body);
                assert!(answer.body.contains("no room left"), "{}", answer.body);
                refused.push(form);
                pages.push(answer.body);
            }
            other => panic!("{other}: {}; {}", answer.body, program.logged()),
        }
        if refused.len() >= 10 {
            break;
        }
    }
    assert!(refused.len() >= 10, "the disk was never full");
    for path in ["/", &format!("/designs/{}", house.design), "/you-said-we-did", "/readyz"] {
        let answer = real::get(program.addr, &house.young[0].session, path).await.expect("an answer");
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    if log_is_elsewhere {
        let (_, after) = pages[0].split_once("tell us this number: ").expect("a number");
        let number: String = after.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(13).collect();
        assert!(program.logged().contains(&number), "{number}: {}", program.logged());
    }

    disk.empty(&program);
    for form in &refused {
        let answer = form.send(program.addr).await.expect("an answer");
        assert_eq!(answer.status, 303, "{:?}: {}; {}", form.kind, answer.body, program.logged());
    }
    program.kill().await;
    let store = Store::open(&url).await.expect("it opens");
    let found = Found::of(&store).await;
    for form in taken.iter().chain(&refused).filter(|f| f.kind != Kind::Hand) {
        assert_eq!(found.times(form.kind, &form.token), 1, "{:?} {}", form.kind, form.token);
    }
    house::shared_text_and_rows_agree(&store, house.design, "after a full disk").await;
    store.close().await;
    assert!(store::backup::check(file).await.is_ok(), "the file is damaged");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_takes_nothing_more_is_told_and_survived() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        real::db::left_out("skipped: a limit on files (prlimit is not installed)");
        return;
    }
    let folder = Folder::new("limit");
    survives(&folder, &folder.join("tandem.db"), &Limit, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_file_system_is_told_and_survived() {
    let folder = Folder::new("full");
    let Some(small) = Small::mount(&folder) else {
        real::db::left_out(
            "skipped: a full file system (only an administrator may mount one; the limit on files is tested)",
        );
        return;
    };
    survives(&folder, &small.0.join("tandem.db"), &small, true).await;
}
