//! The command line as a contract: what it is called, what it prints where, and that its help says everything.

mod real;

use std::collections::BTreeSet;

use clap::CommandFactory as _;
use real::{Folder, Program, path_text, run, text};

fn url_of(folder: &Folder) -> String {
    format!("sqlite:{}", path_text(&folder.join("tandem.db")))
}

#[test]
fn every_setting_is_a_flag_and_a_variable_and_stands_in_the_help() {
    let mut whole = server::commands::Command::command();
    whole.build();
    let settings: BTreeSet<(String, String)> = whole
        .get_arguments()
        .filter_map(|a| Some((a.get_long()?.to_owned(), a.get_env().map(|e| e.to_string_lossy().into_owned())?)))
        .collect();
    for (flag, variable) in &settings {
        let wanted = format!("TANDEM_{}", flag.replace('-', "_").to_uppercase());
        assert!(*variable == wanted || (flag == "database-url" && variable == "DATABASE_URL"), "{flag}: {variable}");
    }
    // Nothing is set by the environment alone: whoever reads the help knows all of it.
    for known in ["DATABASE_URL", "TANDEM_ADDR", "TANDEM_URL", "TANDEM_KEYS", "TANDEM_TLS_CERT", "TANDEM_TLS_KEY"] {
        assert!(settings.iter().any(|(_, v)| v == known), "{known}");
    }
    for command in whole.get_subcommands_mut() {
        let name = command.get_name().to_owned();
        if name == "help" {
            continue;
        }
        let help = command.render_long_help().to_string();
        for (flag, variable) in &settings {
            assert!(help.contains(&format!("--{flag}")) && help.contains(variable), "{name} --help: {variable}");
        }
        assert!(command.get_about().is_some(), "{name} says nothing about itself");
        for argument in command.get_arguments().filter(|a| !a.is_hide_set()) {
            assert!(argument.get_help().is_some(), "{name}: {} says nothing", argument.get_id());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_installation_is_set_up_by_commands_that_print_one_document_each() {
    let folder = Folder::new("commands");
    let url = url_of(&folder);
    // In an empty folder, in the order of the README.
    let steps: [(&[&str], &[&str]); 8] = [
        (&["keys", "init"], &["folder", "newest"]),
        (&["migrate"], &["engine", "migration"]),
        (&["admin", "--name", "alex.reed", "--display", "Alex"], &["name", "display", "password", "sign_in"]),
        (&["doctor"], &["good", "lines"]),
        (&["keys", "rotate"], &["folder", "newest"]),
        (&["backup", "copy.db"], &["file", "engine", "bytes"]),
        (&["export", "all.zip"], &["format", "version", "parts"]),
        (&["restore", "copy.db", "--replace"], &["restored", "put_aside"]),
    ];
    for (arguments, wanted) in steps {
        let out = run(&folder, &url, &[arguments, &["--json"]].concat()).await;
        assert!(out.status.success(), "{arguments:?}: {out:?}");
        let told: serde_json::Value = serde_json::from_slice(&out.stdout)
            .unwrap_or_else(|e| panic!("{arguments:?}: not one JSON document: {e}: {}", text(&out.stdout)));
        for name in wanted {
            assert!(told.get(name).is_some(), "{arguments:?}: no {name} in {told}");
        }
        assert!(!text(&out.stderr).contains("error"), "{arguments:?}: {}", text(&out.stderr));
    }
    // The files hold everybody's words: they are for their owner only.
    #[cfg(unix)]
    for file in ["copy.db", "all.zip", "keys/0001.key", "keys/0002.key"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.join(file)).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{file}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_command_cannot_do_it_says_on_standard_error_with_what_to_do() {
    let folder = Folder::new("errors");
    let url = url_of(&folder);
    std::fs::write(folder.join("there"), "words").expect("written");
    assert!(run(&folder, &url, &["migrate"]).await.status.success());
    let cases: [(&[&str], &str); 19] = [
        (&["keys", "rotate"], "tandem keys init"),
        (&["card", "--group", "none", "--name", "Robin"], "tandem keys init"),
        (&["admin", "--name", "x"], "3 to 60 characters"),
        (&["admin", "--name", ""], "3 to 60 characters"),
        (&["admin", "--name", "alex.reed", "--display", ""], "that others see"),
        (&["backup", "there"], "Choose another name"),
        (&["backup", "none/copy.db"], "none/copy.db"),
        (&["export", "there"], "Choose another name"),
        (&["export", "none/all.zip"], "none/all.zip"),
        (&["import", "there"], "cannot be read"),
        (&["import", "none"], "none cannot be read"),
        (&["import"], "required"),
        (&["export"], "required"),
        (&["restore", "none"], "none is not there"),
        (&["restore", "there"], "not an SQLite database"),
        (&["verify", "there"], "not a signed result"),
        (&["worker", "--group", "none", "--name", "alex.reed"], "no group at /groups/none"),
        (
            &["worker", "--group", "http://127.0.0.1:3000/groups/none/", "--name", "alex.reed"],
            "no group at /groups/none.",
        ),
        (&["fly"], "unrecognized subcommand"),
    ];
    for (arguments, wanted) in cases {
        let out = run(&folder, &url, arguments).await;
        assert!(!out.status.success() && out.stdout.is_empty(), "{arguments:?}: {out:?}");
        assert!(text(&out.stderr).contains(wanted), "{arguments:?}: {}", text(&out.stderr));
        let left: Vec<_> = std::fs::read_dir(&folder.0)
            .expect("the folder")
            .flatten()
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".part") || name.ends_with(".restore"))
            .collect();
        assert!(left.is_empty(), "{arguments:?} leaves half a file: {left:?}");
    }
    // A mistyped name of a database is no new one.
    for arguments in [
        &["export", "all.zip"][..],
        &["backup", "copy.db"],
        &["worker", "--group", "buses", "--name", "alex.reed"],
        &["card", "--group", "buses", "--name", "Robin"],
    ] {
        let out = run(&folder, "sqlite:mistyped.db", arguments).await;
        assert!(!out.status.success() && text(&out.stderr).contains("There is no database mistyped.db"), "{out:?}");
        assert!(!folder.join("mistyped.db").exists() && !folder.join(arguments[1]).exists());
    }
    assert!(run(&folder, &url, &["keys", "init"]).await.status.success());
    let none = run(&folder, &url, &["card", "--group", "none", "--name", "Robin"]).await;
    assert!(!none.status.success() && text(&none.stderr).contains("no group at /groups/none"), "{none:?}");
    let db = real::db::sqlite().await;
    assert!(run(&folder, &db.url, &["admin", "--name", "Alex Reed"]).await.status.success());
    let again = run(&folder, &db.url, &["admin", "--name", "alex reed"]).await;
    assert!(!again.status.success() && text(&again.stderr).contains("signs in as"), "{again:?}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lies_where_a_copy_is_written_is_neither_followed_nor_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new("part");
    let url = url_of(&folder);
    for arguments in [&["keys", "init"][..], &["migrate"]] {
        assert!(run(&folder, &url, arguments).await.status.success(), "{arguments:?}");
    }
    let victim = folder.join("victim");
    std::fs::write(&victim, "mine").expect("written");
    std::fs::set_permissions(&victim, std::fs::Permissions::from_mode(0o644)).expect("set");
    for (file, arguments) in [("all.zip", &["export", "all.zip", "--move"][..]), ("copy.db", &["backup", "copy.db"])] {
        std::os::unix::fs::symlink(&victim, folder.join(&format!("{file}.part"))).expect("a link");
        let done = run(&folder, &url, arguments).await;
        assert!(done.status.success(), "{done:?}");
        assert_eq!(std::fs::read_to_string(&victim).expect("there"), "mine", "{arguments:?}");
        let made = std::fs::symlink_metadata(folder.join(file)).expect("there");
        assert!(made.is_file() && made.permissions().mode() & 0o777 == 0o600, "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_with_cards_is_not_served_without_its_keys() {
    let folder = Folder::new("lost-keys");
    let url = url_of(&folder);
    assert!(run(&folder, &url, &["demo", "--json"]).await.status.success());
    std::fs::rename(folder.join("keys"), folder.join("put-away")).expect("moved");
    let refused = run(&folder, &url, &["serve"]).await;
    assert!(!refused.status.success() && text(&refused.stderr).contains("There are no keys in"), "{refused:?}");
    assert!(!folder.join("keys").exists(), "none were made");
    std::fs::rename(folder.join("put-away"), folder.join("keys")).expect("moved back");
    Program::start(&folder, &url, &[]).await.kill().await;
}
