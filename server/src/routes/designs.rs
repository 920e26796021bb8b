//! Designs: reading, writing, versions, stages, starting one.

use app::pages::designs::{self as pages, Show};
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use domain::ids::{DesignId, SectionId};
use domain::workspaces::Template;
use service::designs::export::DocumentKind;
use service::designs::import::{BadDocument, Read};
use service::designs::{Draft, NewDesign, Saved, Shape, TypedWipe};
use service::templates::OwnTemplate;
use service::{Problems, Refused};

use crate::answer::Outcome;
use crate::ctx::Ctx;
use crate::doors::Door;
use crate::posted::{Posted, PostedFile};

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![
        Door::page("/designs/new", new_page),
        Door::post("/designs/new", new).with_files(PostedFile::MOST),
        Door::page("/designs/{id}", read),
        Door::page("/designs/{id}/write", write_page),
        Door::post("/designs/{id}/write", write),
        Door::page("/designs/{id}/versions", versions_page),
        Door::post("/designs/{id}/versions", versions),
        Door::page("/designs/{id}/versions/compare", compare),
        Door::page("/designs/{id}/versions/{number}", version),
        Door::page("/designs/{id}/versions/{number}/restore", restore_page),
        Door::post("/designs/{id}/versions/{number}/restore", restore),
        Door::page("/designs/{id}/download", download_page),
        Door::get("/designs/{id}/download/docx", |ctx: Ctx, id: Path<String>| download(ctx, id, DocumentKind::Docx)),
        Door::get("/designs/{id}/download/html", |ctx: Ctx, id: Path<String>| download(ctx, id, DocumentKind::Html)),
        Door::get("/designs/{id}/download/md", |ctx: Ctx, id: Path<String>| download(ctx, id, DocumentKind::Markdown)),
        Door::post("/designs/{id}/pause", pause),
        Door::page("/designs/{id}/sections/{section}/check", check_page),
        Door::post("/designs/{id}/sections/{section}/check", check),
        Door::page("/designs/{id}/wipe", wipe_page),
        Door::post("/designs/{id}/wipe", wipe),
        Door::page("/designs/{id}/stage", stage_page),
        Door::post("/designs/{id}/stage", stage),
    ]
}

/// An id in an address; what is none is not there.
fn design(ctx: &Ctx, id: &str) -> Result<DesignId, crate::answer::Stop> {
    id.parse().map_err(|_| ctx.stop(Refused::Unknown))
}

async fn read(ctx: Ctx, Path(id): Path<String>) -> Outcome {
    let id = design(&ctx, &id)?;
    let d = ctx.service().design_page(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    let beside = |page: &app::Page| app::pages::comments::beside(page, &d.latest);
    let html = pages::read(&ctx.page, d.design, (&d.became, &d.waiting), d.changed_since, beside);
    ctx.html_kept(html, id).await
}

async fn download_page(ctx: Ctx, Path(id): Path<String>) -> Outcome {
    let id = design(&ctx, &id)?;
    let view = ctx.service().view_design(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::download(&ctx.page, &view.head)))
}

async fn download(ctx: Ctx, Path(id): Path<String>, kind: DocumentKind) -> Outcome {
    let id = design(&ctx, &id)?;
    let site = (ctx.app.started.url.as_str(), ctx.page.words.lang());
    let (name, bytes) = ctx.service().export_design(ctx.who(), id, kind, site).await.map_err(|e| ctx.stop(e))?;
    let mut response = ctx.html(String::new());
    *response.body_mut() = bytes.into();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type()));
    let as_file = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(header::CONTENT_DISPOSITION, as_file.map_err(|_| ctx.stop(Refused::fault("a name of a file")))?);
    Ok(response)
}

async fn write_page(ctx: Ctx, Path(id): Path<String>) -> Outcome {
    let id = design(&ctx, &id)?;
    let form = ctx.form_kept().await?;
    match ctx.service().write_design(ctx.who(), id).await {
        Ok(view) => {
            let html = pages::write(&ctx.page, view, &mine(&ctx), &form, None);
            ctx.html_kept(html, id).await
        }
        // The words may be locked since somebody's session ended: what they typed is not lost with the form.
        Err(e) => {
            let kept = ["words", "heading"].map(|name| (name.to_owned(), form.value(name)));
            Err(ctx.stop_with(e, kept.into_iter().filter(|(_, typed)| !typed.is_empty()).collect()))
        }
    }
}

/// Whose page it is, for what its program keeps on the device.
pub(super) fn mine(ctx: &Ctx) -> pages::Mine {
    let owners = ctx.who().id().map(|person| ctx.service().owner_marks(person).join(" ")).unwrap_or_default();
    pages::Mine { owners, shared: ctx.visit.session.is_none_or(|s| s.shared) }
}

/// What a form of the writing page asks for: `save ID`, `up ID`, `add`, …
fn shape<'a>(what: &str, section: Option<SectionId>, heading: &'a str) -> Option<Shape<'a>> {
    Some(match (what, section) {
        ("add", _) => Shape::Add { heading },
        ("rename", Some(section)) => Shape::Rename { section, heading },
        ("up", Some(id)) => Shape::Up(id),
        ("down", Some(id)) => Shape::Down(id),
        ("remove", Some(id)) => Shape::Remove(id),
        ("back", Some(id)) => Shape::BringBack(id),
        ("not-needed", Some(id)) => Shape::NotNeeded(id),
        ("needed", Some(id)) => Shape::Needed(id),
        _ => return None,
    })
}

async fn write(ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Outcome {
    let id = design(&ctx, &id)?;
    let mark = posted.id(|| ctx.service().new_id());
    let (what, section) = posted.text("act").split_once(' ').unwrap_or((posted.text("act"), ""));
    let section: Option<SectionId> = section.parse().ok();
    let back = |s: Option<SectionId>| match s {
        Some(s) => format!("/designs/{id}/write#section-{s}"),
        None => format!("/designs/{id}/write"),
    };
    let done = match (what, section) {
        ("save", Some(section)) if ctx.query("look").is_some() => {
            match ctx.service().look_at_words(ctx.who(), id, section, posted.text("words")).await {
                Ok(html) => {
                    let view = ctx.service().write_design(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
                    let (form, look) = (posted.again(Problems::new()), pages::Look { section, html });
                    Ok(ctx.html(pages::write(&ctx.page, view, &mine(&ctx), &form, Some(&look))))
                }
                Err(e) => Err(e),
            }
        }
        ("save", Some(section)) => {
            let (base, words) = (posted.text("base"), posted.text("words"));
            match ctx.service().write_section(ctx.who(), id, section, mark, base, words).await {
                Ok(Saved::Done { merged }) => {
                    let said = if merged { "section-merged" } else { "section-saved" };
                    let to = match posted.ticked("then", "picture") {
                        true => format!("/designs/{id}/sections/{section}/picture"),
                        false => back(Some(section)),
                    };
                    Ok(ctx.done(&to, said))
                }
                Ok(Saved::TooOld(texts)) => {
                    let view = ctx.service().write_design(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
                    let html = pages::both(&ctx.page, &view.head, section, &texts, &ctx.form());
                    Ok(ctx.moved_on(html))
                }
                Err(e) => Err(e),
            }
        }
        ("lock" | "free", Some(section)) => {
            let lock = what == "lock";
            let done = ctx.service().lock_section(ctx.who(), id, section, Some(mark), lock).await;
            done.map(|()| ctx.done(&back(Some(section)), if lock { "section-locked" } else { "section-freed" }))
        }
        _ => match shape(what, section, posted.text("heading")) {
            Some(shape) => ctx
                .service()
                .shape_design(ctx.who(), id, mark, shape)
                .await
                .map(|()| ctx.done(&back(section), "section-changed")),
            None => {
                // A form that is none of ours: first whether they may write here at all.
                ctx.service().write_design(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
                return Err(ctx.bad_request());
            }
        },
    };
    match done {
        Ok(response) => Ok(response),
        Err(e @ Refused::Invalid(_)) => {
            let view = ctx.service().write_design(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
            Ok(ctx.again(e, &posted, |page, form| pages::write(page, view, &mine(&ctx), form, None)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn pause(ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Outcome {
    let id = design(&ctx, &id)?;
    let paused = match posted.text("act") {
        "pause" => true,
        "go-on" => false,
        _ => return Err(ctx.bad_request()),
    };
    ctx.service().pause_writing(ctx.who(), id, paused).await.map_err(|e| ctx.stop_form(e, &posted))?;
    Ok(ctx.done(&format!("/designs/{id}"), if paused { "writing-paused" } else { "writing-goes-on" }))
}

async fn check_page(ctx: Ctx, Path((id, section)): Path<(String, String)>) -> Outcome {
    let (id, section) = (design(&ctx, &id)?, section.parse().map_err(|_| ctx.stop(Refused::Unknown))?);
    let it = ctx.service().section_to_check(ctx.who(), id, section).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::check(&ctx.page, &form, &it)))
}

async fn check(ctx: Ctx, Path((id, section)): Path<(String, String)>, posted: Posted) -> Outcome {
    let (id, section) = (design(&ctx, &id)?, section.parse().map_err(|_| ctx.stop(Refused::Unknown))?);
    let seen = super::comments::seen(&posted);
    ctx.service().check_section(ctx.who(), id, section, seen).await.map_err(|e| ctx.stop_form(e, &posted))?;
    Ok(ctx.done("/moderation", "section-checked"))
}

async fn wipe_page(ctx: Ctx, Path(id): Path<String>) -> Outcome {
    let id = design(&ctx, &id)?;
    let head = ctx.service().wipe_page(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    let form = ctx.form_kept().await?;
    Ok(ctx.html(pages::wipe(&ctx.page, &form, &head)))
}

async fn wipe(ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Outcome {
    let id = design(&ctx, &id)?;
    let mark = posted.id(|| ctx.service().new_id());
    let typed = TypedWipe { words: posted.text("words"), sure: posted.text("sure") == "yes" };
    match ctx.service().wipe_words(ctx.who(), id, mark, typed).await {
        Ok(()) => Ok(ctx.done(&format!("/designs/{id}"), "words-wiped")),
        Err(e @ Refused::Invalid(_)) => {
            let head = ctx.service().wipe_page(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
            Ok(ctx.again(e, &posted, |page, form| pages::wipe(page, form, &head)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn versions_page(ctx: Ctx, Path(id): Path<String>) -> Outcome {
    let id = design(&ctx, &id)?;
    let form = ctx.form_kept().await?;
    let all = ctx.service().list_versions(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::versions(&ctx.page, &all, &form)))
}

async fn versions(ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Outcome {
    let id = design(&ctx, &id)?;
    let mark = posted.id(|| ctx.service().new_id());
    match ctx.service().make_version(ctx.who(), id, mark, posted.text("version_name"), posted.text("why")).await {
        Ok(()) => Ok(ctx.done(&format!("/designs/{id}/versions"), "version-made")),
        Err(e @ Refused::Invalid(_)) => {
            let all = ctx.service().list_versions(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
            Ok(ctx.again(e, &posted, |page, form| pages::versions(page, &all, form)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

/// The number of a version in an address, as the program writes it: `01` is none, so that a page has one address.
fn number_of(typed: &str) -> i64 {
    typed.parse().ok().filter(|n: &i64| n.to_string() == typed).unwrap_or(0)
}

async fn version(ctx: Ctx, Path((id, number)): Path<(String, String)>) -> Outcome {
    let id = design(&ctx, &id)?;
    // A number that is none is looked up all the same: whoever may not know of the design learns nothing.
    let number = number_of(&number);
    let version = ctx.service().view_version(ctx.who(), id, number).await.map_err(|e| ctx.stop(e))?;
    let show = Show::of(ctx.query("show").as_deref(), Show::Final);
    Ok(ctx.html(pages::version(&ctx.page, &version, show)))
}

async fn compare(ctx: Ctx, Path(id): Path<String>) -> Outcome {
    let id = design(&ctx, &id)?;
    let (from, to) = (ctx.query("from").unwrap_or_default(), ctx.query("to").unwrap_or_default());
    let compared = ctx.service().compare_design(ctx.who(), id, &from, &to).await.map_err(|e| ctx.stop(e))?;
    let show = Show::of(ctx.query("show").as_deref(), Show::Changes);
    let to = if to.is_empty() { "now" } else { &to };
    Ok(ctx.html(pages::compare(&ctx.page, &compared, format!("from={from}&to={to}"), show)))
}

async fn restore_page(ctx: Ctx, Path((id, number)): Path<(String, String)>) -> Outcome {
    let id = design(&ctx, &id)?;
    let form = ctx.form_kept().await?;
    let number = number_of(&number);
    let view = ctx.service().restore_page(ctx.who(), id, number).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::restore(&ctx.page, &view, &form)))
}

async fn restore(ctx: Ctx, Path((id, number)): Path<(String, String)>, posted: Posted) -> Outcome {
    let id = design(&ctx, &id)?;
    let mark = posted.id(|| ctx.service().new_id());
    let number = number_of(&number);
    match ctx.service().restore_version(ctx.who(), id, number, mark, posted.text("seen")).await {
        Ok(()) => Ok(ctx.done(&format!("/designs/{id}/versions"), "version-restored")),
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn stage_page(ctx: Ctx, Path(id): Path<String>) -> Outcome {
    let id = design(&ctx, &id)?;
    let form = ctx.form_kept().await?;
    let view = ctx.service().view_stage(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::stage(&ctx.page, view, &form)))
}

async fn stage(ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Outcome {
    let id = design(&ctx, &id)?;
    let mark = posted.id(|| ctx.service().new_id());
    let (from, to, reason) = (posted.text("from"), posted.text("to"), posted.text("reason"));
    match ctx.service().move_stage(ctx.who(), id, mark, from, to, reason).await {
        Ok(_) => Ok(ctx.done(&format!("/designs/{id}/stage"), "stage-moved")),
        Err(e @ Refused::Invalid(_)) => {
            let view = ctx.service().view_stage(ctx.who(), id).await.map_err(|e| ctx.stop(e))?;
            Ok(ctx.again(e, &posted, |page, form| pages::stage(page, view, form)))
        }
        Err(e) => Err(ctx.stop_form(e, &posted)),
    }
}

async fn new_page(ctx: Ctx) -> Outcome {
    let form = ctx.form_kept().await?;
    let typed = form.value("workspace");
    let slug = ctx.query("workspace").unwrap_or(typed);
    let view = ctx.service().new_design_form(ctx.who(), &slug).await.map_err(|e| ctx.stop(e))?;
    Ok(ctx.html(pages::new(&ctx.page, &view, &form)))
}

/// The sections a new design begins with. `own`: the ways to start that staff made.
async fn sections(ctx: &Ctx, posted: &PostedFile, own: &[OwnTemplate]) -> Result<Read, Refused> {
    let page = &ctx.page;
    let start = posted.form.text("start");
    let file = posted.file.as_ref().filter(|f| !f.bytes.is_empty());
    // Whoever chose a file wants it, whatever else is ticked.
    if start == "document" || file.is_some() {
        let file = file.ok_or_else(|| Refused::invalid("document", BadDocument::Empty.key()))?;
        let first = page.t("new-design-first-part");
        return ctx.service().read_document(ctx.who(), &file.name, file.bytes.to_vec(), &first).await;
    }
    let choose = || Refused::invalid("start", "choose");
    let headings = match start.strip_prefix(pages::OWN) {
        Some(id) => own.iter().find(|t| t.id.to_string() == id).ok_or_else(choose)?.headings.clone(),
        None => pages::template_headings(page.words, start.parse::<Template>().map_err(|_| choose())?),
    };
    let sections = headings.into_iter().map(|heading| Draft { heading, words: String::new() }).collect();
    Ok(Read { sections, pictures: Vec::new() })
}

async fn new(ctx: Ctx, posted: PostedFile) -> Outcome {
    let form = &posted.form;
    let slug = form.text("workspace").to_owned();
    // Rights first: whoever may not start a design here learns nothing about their file either.
    let view = match ctx.service().new_design_form(ctx.who(), &slug).await {
        Ok(view) => view,
        Err(e) => return Err(ctx.stop_form(e, form)),
    };
    let made = match sections(&ctx, &posted, &view.own).await {
        Ok(Read { sections, pictures }) => {
            let mark = form.id(|| ctx.service().new_id());
            let new = NewDesign { title: form.text("title"), sections };
            ctx.service().start_design_with(ctx.who(), &slug, mark, new, pictures).await
        }
        // All that is wrong is told at once: the name comes first.
        Err(Refused::Invalid(found)) => Err(Refused::Invalid(NewDesign::also_wrong(form.text("title"), found))),
        Err(refused) => Err(refused),
    };
    match made {
        Ok(id) => Ok(ctx.done(&format!("/designs/{id}/write"), "design-started")),
        Err(e) => Ok(ctx.again(e, form, |page, form| pages::new(page, &view, form))),
    }
}
