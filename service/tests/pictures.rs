//! Pictures in the words of a design: put in by those who write, shown to those who read, gone for good when somebody says so.

mod support;

use std::io::Cursor;

use domain::access::Who;
use domain::comments::Checking;
use domain::designs::pictures::{MAX_SHOWS, PictureKind, PictureName, WIDTH, WIDTHS};
use domain::groups::{GroupKind, GroupRole, Visibility};
use domain::ids::{DesignId, FormId, SectionId};
use domain::moment::Moment;
use domain::people::Role;
use image::{DynamicImage, ImageFormat, RgbImage};
use service::Refused;
use service::designs::export::DocumentKind;
use service::designs::import::Read;
use service::designs::{Draft, NewDesign, Shape};
use service::pictures::{Added, TypedPicture};
use support::{Test, moved_on, wrong};

struct House {
    robin: Who,
    sam: Who,
    lead: Who,
    worker: Who,
    observer: Who,
    outsider: Who,
    slug: String,
    design: DesignId,
    idea: SectionId,
}

async fn house(t: &Test, checking: Checking) -> House {
    let group = t.group_of("Youth Council", GroupKind::YouthCouncil, Visibility::Members, checking).await;
    let worker = t.member("Wim", Role::Officer, group, GroupRole::Worker).await;
    t.member("Ada", Role::Officer, group, GroupRole::Worker).await;
    let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
    let sam = t.member("Sam", Role::YoungPerson, group, GroupRole::Member).await;
    let lead = t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await;
    let observer = t.member("Bo", Role::BoardMember, group, GroupRole::Observer).await;
    let outsider = t.person("Kit", Role::YoungPerson).await;
    let slug = t.agreed(&worker, "youth-council", &[&robin, &sam, &lead]).await;
    let sections = vec![Draft { heading: "Our idea".to_owned(), words: "A lamp.".to_owned() }];
    let design = t.service.start_design(&sam, &slug, t.form(), NewDesign { title: "Later buses", sections }).await;
    let design = design.expect("started");
    let idea = t.service.view_design(&robin, design).await.expect("seen").sections[0].id;
    House { robin, sam, lead, worker, observer, outsider, slug, design, idea }
}

/// A drawing in one colour.
fn drawing(shade: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(640, 480, image::Rgb([shade, 40, 90]));
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, ImageFormat::Png).expect("written");
    bytes.into_inner()
}

impl House {
    async fn add(&self, t: &Test, who: &Who, form: FormId, shows: &str, bytes: Vec<u8>) -> Result<Added, Refused> {
        t.pass(Moment::MINUTE);
        let typed = TypedPicture { shows, decoration: shows == "-" };
        t.service.add_picture(who, (self.design, self.idea), form, typed, bytes).await
    }

    async fn words(&self, t: &Test) -> String {
        t.service.write_design(&self.robin, self.design).await.expect("seen").sections[0].words.clone()
    }

    async fn names(&self, t: &Test) -> Vec<PictureName> {
        let page = t.service.list_pictures(&self.worker, self.design).await.expect("a list");
        page.pictures.into_iter().map(|line| line.name).collect()
    }
}

async fn files(t: &Test) -> i64 {
    let mut tx = t.service.store().read().await.expect("a transaction");
    let sql = "select count(*) from file_chunks";
    match &mut tx {
        store::Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await,
        store::Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await,
    }
    .expect("counted")
}

#[tokio::test]
async fn a_picture_comes_into_the_words_with_what_it_shows() {
    for t in support::all().await {
        let h = house(&t, Checking::After).await;
        let s = &t.service;
        let form = t.form();
        let added = h.add(&t, &h.robin, form, "The stop [at night]\n no light", drawing(10)).await.expect("added");
        assert!(!added.waits, "{}", t.engine);
        h.add(&t, &h.robin, form, "The stop [at night]\n no light", drawing(10)).await.expect("sent twice is once");
        let names = h.names(&t).await;
        let [name] = &names[..] else { panic!("{}: {names:?}", t.engine) };
        let shows = format!("A lamp.\n\n![The stop \\[at night\\] no light]({})", name.address());
        assert_eq!(h.words(&t).await, shows, "{}", t.engine);
        let html = s.view_design(&h.observer, h.design).await.expect("seen").sections[0].html.clone();
        assert!(html.contains("alt=\"The stop [at night] no light\""), "{}: {html}", t.engine);
        assert!(html.contains(&format!("src=\"/pictures/{name}/{WIDTH}\"")), "{}: {html}", t.engine);

        for width in WIDTHS {
            let file = s.picture_file(&h.observer, name, width).await.expect("its bytes");
            assert_eq!(file.kind, PictureKind::Png);
            let back = image::load_from_memory(&file.bytes).expect("a picture").into_rgb8();
            assert_eq!(back.width(), width.min(640), "{}", t.engine);
        }
        for (who, name, width) in [(&h.outsider, name, WIDTH), (&Who::nobody(), name, WIDTH), (&h.robin, name, 7)] {
            assert!(matches!(s.picture_file(who, name, width).await, Err(Refused::Unknown)), "{}", t.engine);
        }
        let page = s.list_pictures(&h.sam, h.design).await.expect("a list");
        let line = &page.pictures[0];
        assert_eq!(line.shows.as_deref(), Some("The stop [at night] no light"), "{}", t.engine);
        assert_eq!(line.stands_in, [(h.idea, "Our idea".to_owned())], "{}", t.engine);
        assert_eq!(line.by.name.as_deref(), Some("Robin"), "{}", t.engine);
        assert!(!line.removes && !line.waits, "{}: it is not hers", t.engine);
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_and_nothing_is_kept_of_it() {
    for t in support::all().await {
        let h = house(&t, Checking::After).await;
        let s = &t.service;
        let add = |who: &Who, shows: &'static str, decoration, bytes| {
            let (who, typed, form) = (who.clone(), TypedPicture { shows, decoration }, t.form());
            let at = (h.design, h.idea);
            async move { s.add_picture(&who, at, form, typed, bytes).await }
        };
        for (shows, decoration, bytes, problems) in [
            ("", false, Vec::new(), &["picture picture-empty", "shows picture-says-nothing"][..]),
            ("A lamp", false, b"words".to_vec(), &["picture picture-kind"]),
            (" \u{200b}", false, drawing(1), &["shows picture-says-nothing", "picture picture-again"]),
            ("-", false, drawing(1), &["shows picture-says-nothing", "picture picture-again"]),
            ("A lamp", true, drawing(1), &["shows picture-both", "picture picture-again"]),
        ] {
            assert_eq!(wrong(add(&h.robin, shows, decoration, bytes).await), problems, "{}", t.engine);
        }
        let long = "long ".repeat(MAX_SHOWS);
        let typed = TypedPicture { shows: &long, decoration: false };
        let too_long = s.add_picture(&h.robin, (h.design, h.idea), t.form(), typed, drawing(1)).await;
        assert_eq!(wrong(too_long), ["shows too-long", "picture picture-again"], "{}", t.engine);
        assert!(matches!(add(&h.observer, "A lamp", false, drawing(1)).await, Err(Refused::NotAllowed)));
        assert!(matches!(add(&h.outsider, "A lamp", false, drawing(1)).await, Err(Refused::Unknown)));

        s.lock_section(&h.sam, h.design, h.idea, Some(t.form()), true).await.expect("locked");
        assert_eq!(wrong(add(&h.robin, "A lamp", false, drawing(1)).await), ["picture locked"], "{}", t.engine);
        t.pass(6 * Moment::MINUTE);
        s.pause_writing(&h.worker, h.design, true).await.expect("paused");
        assert_eq!(moved_on(add(&h.robin, "A lamp", false, drawing(1)).await), "writing-paused");
        s.pause_writing(&h.worker, h.design, false).await.expect("goes on");
        s.shape_design(&h.sam, h.design, t.form(), Shape::Remove(h.idea)).await.expect("taken out");
        assert_eq!(moved_on(add(&h.robin, "A lamp", false, drawing(1)).await), "section-removed");
        assert_eq!(h.names(&t).await, [], "{}", t.engine);
    }
}

#[tokio::test]
async fn where_everything_is_checked_first_a_picture_waits_too() {
    for t in support::all().await {
        let h = house(&t, Checking::HoldAll).await;
        let s = &t.service;
        assert!(h.add(&t, &h.robin, t.form(), "The stop", drawing(10)).await.expect("added").waits, "{}", t.engine);
        let name = h.names(&t).await.remove(0);
        let read =
            |who: Who| async move { s.view_design(&who, h.design).await.expect("seen").sections[0].html.clone() };
        let html = read(h.observer.clone()).await;
        assert!(html.contains("The stop \u{e014}") && !html.contains("<img"), "{}: {html}", t.engine);
        assert!(matches!(s.picture_file(&h.observer, &name, WIDTH).await, Err(Refused::Unknown)), "{}", t.engine);
        // Nor does another member, who sees the words as they were typed.
        assert!(matches!(s.picture_file(&h.sam, &name, WIDTH).await, Err(Refused::Unknown)), "{}", t.engine);
        for (who, seen) in [(&h.robin, true), (&h.worker, true), (&h.sam, false)] {
            let line = s.list_pictures(who, h.design).await.expect("a list").pictures.remove(0);
            assert_eq!((line.waits, line.seen), (true, seen), "{}", t.engine);
            assert_eq!(s.picture_file(who, &name, WIDTH).await.is_ok(), seen, "{}", t.engine);
        }
        let site = ("https://tandem.example", "en-GB");
        let (_, file) = s.export_design(&h.observer, h.design, DocumentKind::Html, site).await.expect("a file");
        let file = String::from_utf8(file).expect("text");
        assert!(!file.contains("<img") && !file.contains("base64"), "{}: {file}", t.engine);

        let it = s.section_to_check(&h.worker, h.design, h.idea).await.expect("to check");
        assert!(it.html.contains("<img"), "{}", t.engine);
        s.check_section(&h.worker, h.design, h.idea, it.words_at).await.expect("checked");
        assert!(read(h.observer.clone()).await.contains("<img"), "{}", t.engine);
        s.picture_file(&h.observer, &name, WIDTH).await.expect("everybody sees it");
        // What a worker was not shown, because it is written so that nothing is drawn, nobody else sees.
        h.add(&t, &h.sam, t.form(), "Far in", drawing(30)).await.expect("added");
        let third = h.names(&t).await.remove(1);
        let words = format!("{}![Far in]({})", "- ".repeat(25), third.address());
        let base = s.write_design(&h.sam, h.design).await.expect("seen").base.to_string();
        s.write_section(&h.sam, h.design, h.idea, t.form(), &base, &words).await.expect("saved");
        let it = s.section_to_check(&h.worker, h.design, h.idea).await.expect("to check");
        assert!(!it.html.contains("<img"), "{}: {}", t.engine, it.html);
        s.check_section(&h.worker, h.design, h.idea, it.words_at).await.expect("checked");
        assert!(matches!(s.picture_file(&h.observer, &third, WIDTH).await, Err(Refused::Unknown)), "{}", t.engine);
        // What somebody writes afterwards hides the words again, and nothing that was looked at.
        h.add(&t, &h.sam, t.form(), "A second one", drawing(20)).await.expect("added");
        assert!(!read(h.observer.clone()).await.contains("<img"), "{}", t.engine);
        s.picture_file(&h.observer, &name, WIDTH).await.expect("it was looked at");
        let second = h.names(&t).await.remove(2);
        assert!(matches!(s.picture_file(&h.observer, &second, WIDTH).await, Err(Refused::Unknown)), "{}", t.engine);
    }
}

#[tokio::test]
async fn a_picture_goes_for_good_and_takes_no_other_along() {
    for t in support::all().await {
        let h = house(&t, Checking::After).await;
        let s = &t.service;
        h.add(&t, &h.robin, t.form(), "The stop", drawing(10)).await.expect("added");
        // The same bytes a second time are the same files.
        let once = files(&t).await;
        h.add(&t, &h.sam, t.form(), "The same stop", drawing(10)).await.expect("added");
        assert_eq!(files(&t).await, once, "{}", t.engine);
        s.make_version(&h.robin, h.design, t.form(), "With pictures", "").await.expect("made");
        let [first, second] = <[PictureName; 2]>::try_from(h.names(&t).await).expect("two");

        for who in [&h.sam, &h.lead] {
            assert!(matches!(s.remove_picture(who, h.design, &first, true).await, Err(Refused::NotAllowed)));
        }
        assert!(matches!(s.remove_picture(&h.outsider, h.design, &first, true).await, Err(Refused::Unknown)));
        assert!(matches!(s.picture_page(&h.sam, h.design, &first).await, Err(Refused::NotAllowed)));
        assert_eq!(wrong(s.remove_picture(&h.robin, h.design, &first, false).await), ["sure tick"], "{}", t.engine);
        s.remove_picture(&h.robin, h.design, &first, true).await.expect("gone");
        assert!(matches!(s.picture_file(&h.sam, &first, WIDTH).await, Err(Refused::Unknown)), "{}", t.engine);
        s.picture_file(&h.robin, &second, WIDTH).await.expect("the other is there");
        assert_eq!(
            h.words(&t).await,
            format!("A lamp.\n\nThe stop\n\n![The same stop]({})", second.address()),
            "{}",
            t.engine
        );
        let version = s.view_version(&h.robin, h.design, 1).await.expect("a version");
        let said = format!("{version:?}");
        assert!(!said.contains(first.as_str()) && said.contains(second.as_str()), "{}: {said}", t.engine);

        s.remove_picture(&h.worker, h.design, &second, true).await.expect("a worker may");
        assert_eq!(files(&t).await, 0, "{}: nothing of them is left", t.engine);
        // Bytes that came to no words, because the form was refused or the program ended, do not stay either.
        s.world().files.put(drawing(77)).await.expect("kept");
        s.sweep().await.expect("swept");
        assert_eq!(files(&t).await, 1, "{}: somebody may be about to show it", t.engine);
        t.pass(2 * Moment::HOUR);
        s.sweep().await.expect("swept");
        assert_eq!(files(&t).await, 0, "{}", t.engine);
        assert_eq!(t.audited().await.iter().filter(|verb| *verb == "RemovePicture").count(), 1, "{}", t.engine);
        s.remove_picture(&h.worker, h.design, &second, true).await.expect("gone already is fine");
    }
}

#[tokio::test]
async fn pictures_go_into_files_and_come_back_from_them() {
    for t in support::all().await {
        let h = house(&t, Checking::After).await;
        let s = &t.service;
        h.add(&t, &h.robin, t.form(), "The stop \"at night\" & <rain>", drawing(10)).await.expect("added");
        h.add(&t, &h.robin, t.form(), "-", drawing(20)).await.expect("added");
        let drawn = |html: &str| {
            let mut parts = html.split("/pictures/");
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |all, part| all + "/pictures/?" + part.get(PictureName::LENGTH..).unwrap_or_default())
        };
        let before = s.view_design(&h.robin, h.design).await.expect("seen").sections[0].html.clone();
        assert_eq!(before.matches("<img").count(), 2, "{}: {before}", t.engine);
        for (kind, name) in [(DocumentKind::Docx, "a.docx"), (DocumentKind::Markdown, "a.md")] {
            let site = ("https://tandem.example", "en-GB");
            let (_, file) = s.export_design(&h.observer, h.design, kind, site).await.expect("a file");
            let Read { sections, pictures } = s.read_document(&h.sam, name, file, "Start").await.expect("read");
            assert_eq!(pictures.len(), 2, "{} {name}", t.engine);
            let new = NewDesign { title: "The same", sections };
            let made = s.start_design_with(&h.sam, &h.slug, t.form(), new, pictures).await.expect("started");
            let after = s.view_design(&h.robin, made).await.expect("seen").sections[0].html.clone();
            assert_eq!(drawn(&after), drawn(&before), "{} {name}", t.engine);
            for line in s.list_pictures(&h.sam, made).await.expect("a list").pictures {
                let file = s.picture_file(&h.observer, &line.name, WIDTH).await.expect("its bytes");
                let back = image::load_from_memory(&file.bytes).expect("a picture").into_rgb8();
                let shade = if line.shows.is_some() { 10 } else { 20 };
                assert_eq!(back.get_pixel(3, 3).0[0], shade, "{} {name}", t.engine);
            }
        }
        let site = ("https://tandem.example", "en-GB");
        let (_, page) = s.export_design(&h.robin, h.design, DocumentKind::Html, site).await.expect("a file");
        let page = String::from_utf8(page).expect("text");
        assert_eq!(page.matches("<img src=\"data:image/png;base64,").count(), 2, "{}", t.engine);
        assert!(page.contains("alt=\"\"") && !page.contains("srcset") && !page.contains("/pictures/"), "{}", t.engine);
    }
}

#[tokio::test]
async fn a_design_has_room_for_a_hundred() {
    let t = support::sqlite().await;
    let h = house(&t, Checking::After).await;
    let mut tx = t.service.store().write().await.expect("a transaction");
    for n in 0..domain::designs::pictures::MAX_PICTURES {
        let n = u8::try_from(n).expect("few");
        let name = PictureName::from_random([n, n / 31, 0, 0, 0, 0, 0, 0]);
        store::pictures::insert(&mut tx, &name, h.design, &[], (t.now(), h.sam.id().expect("somebody")))
            .await
            .expect("one");
    }
    tx.commit().await.expect("committed");
    assert_eq!(wrong(h.add(&t, &h.robin, t.form(), "The stop", drawing(10)).await), ["picture picture-many"]);
    assert_eq!(h.words(&t).await, "A lamp.", "nothing of it is in the words");
}
