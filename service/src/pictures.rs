//! Pictures in the words of a design: put in, looked at, shown and taken away for good.
//!
//! Whoever may write in a part may put a picture in: it is drawn anew ([`drawn_anew`]), kept as files, and named in the part's
//! words with what it shows. From then on it is words like any others; only its bytes are asked for here.

pub mod drawn_anew;

use domain::access::{Answer, Place, Verb, Who, may};
use domain::designs::pictures::{DECORATION, MAX_PICTURES, MAX_SHOWS, PictureKind, PictureName, WIDTH, WIDTHS};
use domain::ids::{DesignId, FormId, PersonId, SectionId};
use domain::moment::Moment;
use domain::words::{BadWords, SectionWords, is_blank, maybe_lines};
use store::Tx;
use store::pictures::{NewWidth, WidthRow};
use store::workspaces::Thing;

use crate::aside::Whose;
use crate::audit::Act;
use crate::designs::import::guard;
use crate::designs::markdown::{pictures_drawn, pictures_in};
use crate::designs::{By, DesignHead, open, open_to_write, section_row};
use crate::news::Event;
use crate::rights::{allow, allow_thing, somebody};
use crate::{Problems, Refused, Service, access, audit};
use drawn_anew::{Width, draw_anew};

/// A picture is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// Everybody else sees it once a worker has looked.
    pub waits: bool,
}

/// The page on which somebody puts a picture into a part.
#[derive(Debug, Clone)]
pub struct PictureForm {
    /// The design.
    pub head: DesignHead,
    /// The part.
    pub section: SectionId,
    /// Its heading.
    pub heading: String,
    /// Everybody else sees the picture once a worker has looked.
    pub waits: bool,
}

/// What somebody typed who puts a picture in.
#[derive(Debug, Clone, Copy)]
pub struct TypedPicture<'a> {
    /// What it shows.
    pub shows: &'a str,
    /// It is only for decoration.
    pub decoration: bool,
}

/// A picture in a list.
#[derive(Debug, Clone)]
pub struct PictureLine {
    /// Its name.
    pub name: PictureName,
    /// What it shows, as the words say where it stands first; nothing where they do not say it, or it stands nowhere.
    pub shows: Option<String>,
    /// Who put it in.
    pub by: By,
    /// When.
    pub made_at: Moment,
    /// The parts that it stands in now: id and heading.
    pub stands_in: Vec<(SectionId, String)>,
    /// Everybody else sees it once a worker has looked.
    pub waits: bool,
    /// The reader sees it now.
    pub seen: bool,
    /// The reader may take it away.
    pub removes: bool,
}

/// The pictures of a design.
#[derive(Debug, Clone)]
pub struct PicturesPage {
    /// The design.
    pub head: DesignHead,
    /// The oldest first.
    pub pictures: Vec<PictureLine>,
    /// The parts that a picture can be put into now: id and heading.
    pub parts: Vec<(SectionId, String)>,
}

/// One width of a picture, to be sent.
#[derive(Debug, Clone)]
pub struct PictureFile {
    /// How its bytes are written.
    pub kind: PictureKind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A picture that was drawn anew and has a name, before it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPicture {
    /// Its name.
    pub name: PictureName,
    /// Its widths.
    pub widths: Vec<Width>,
}

/// A picture as words of a part.
pub(crate) fn as_words(name: &PictureName, shows: &str) -> String {
    let shows: Vec<&str> = shows.split_whitespace().collect();
    let shows = guard(&shows.join(" "));
    format!("![{shows}]({})", name.address())
}

impl TypedPicture<'_> {
    /// What it shows, as it stands in words.
    fn parse(self, problems: &mut Problems) -> String {
        let shows = problems.take("shows", maybe_lines(self.shows, MAX_SHOWS)).unwrap_or_default();
        let said = !is_blank(&shows) && shows.trim() != DECORATION;
        match (said, self.decoration) {
            (true, true) => problems.add("shows", "picture-both"),
            (false, false) if problems.is_empty() => problems.add("shows", "picture-says-nothing"),
            _ => {}
        }
        if self.decoration { DECORATION.to_owned() } else { shows }
    }
}

impl Service {
    /// A fresh name for a picture.
    pub(crate) fn new_picture_name(&self) -> PictureName {
        let mut bytes = [0u8; PictureName::LENGTH];
        self.world().chance.fill(&mut bytes);
        PictureName::from_random(bytes)
    }

    /// Keeps the files of a picture.
    async fn keep_files(&self, picture: &NewPicture) -> Result<Vec<NewWidth>, Refused> {
        let mut kept = Vec::with_capacity(picture.widths.len());
        for w in &picture.widths {
            let file = self.world().files.put(w.bytes.clone()).await;
            let file = file.map_err(|_| Refused::fault("the file of a picture could not be kept"))?;
            kept.push(NewWidth { width: w.width, across: w.across, down: w.down, kind: w.kind, file });
        }
        Ok(kept)
    }

    /// Keeps the files of pictures that a document had. See [`add`].
    pub(crate) async fn keep_all_files(
        &self,
        pictures: &[NewPicture],
    ) -> Result<Vec<(PictureName, Vec<NewWidth>)>, Refused> {
        let mut all = Vec::with_capacity(pictures.len());
        for picture in pictures {
            all.push((picture.name.clone(), self.keep_files(picture).await?));
        }
        Ok(all)
    }

    /// A part for somebody who wants to put a picture in.
    ///
    /// # Errors
    /// [`Refused::Unknown`], [`Refused::NotAllowed`]; [`Refused::MovedOn`] (`words-locked`, `writing-paused`, `section-removed`).
    pub async fn picture_form(&self, who: &Who, design: DesignId, section: SectionId) -> Result<PictureForm, Refused> {
        let mut tx = self.store().read().await?;
        let head = open_to_write(&mut tx, who, design).await?;
        let row = section_row(&mut tx, design, section).await?;
        if row.removed_at.is_some() {
            return Err(Refused::MovedOn("section-removed"));
        }
        Ok(PictureForm { head, section, heading: row.heading, waits: row.holds })
    }

    /// Puts a picture at the end of a part. `sent`: the file as it came.
    ///
    /// # Errors
    /// As [`Service::picture_form`]; [`Refused::MovedOn`] as for words; [`Refused::Invalid`] (`picture`, `shows`).
    pub async fn add_picture(
        &self,
        who: &Who,
        (design, section): (DesignId, SectionId),
        form: FormId,
        typed: TypedPicture<'_>,
        sent: Vec<u8>,
    ) -> Result<Added, Refused> {
        // Drawing takes a while: before, only whether they may at all; the rest is asked where it counts.
        let mut tx = self.store().read().await?;
        open_to_write(&mut tx, who, design).await?;
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(Added { waits: false });
        }
        drop(tx);
        let mut problems = Problems::new();
        let shows = typed.parse(&mut problems);
        // What is wrong with a picture is found before what is wrong with its words is told: nobody is sent back twice.
        let widths = self.aside(Whose::of(who), move || draw_anew(&sent)).await?;
        let widths = match widths {
            Ok(widths) => widths,
            Err(bad) => {
                let mut all = Problems::new();
                all.add("picture", bad.key());
                all.0.extend(problems.0);
                return Err(Refused::Invalid(all));
            }
        };
        if !problems.is_empty() {
            // No browser chooses a file again by itself.
            problems.add("picture", "picture-again");
            return Err(Refused::Invalid(problems));
        }
        let picture = NewPicture { name: self.new_picture_name(), widths };
        let kept = self.keep_files(&picture).await?;

        let mut tx = self.write_as(who).await?;
        open(&mut tx, who, Verb::WriteSection, design).await?;
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(Added { waits: false });
        }
        let (row, seq) = self.open_part(&mut tx, who, (design, section), "picture").await?;
        self.pace(&mut tx, who).await?;
        let words = as_words(&picture.name, &shows);
        let apart = if row.words.is_empty() { "" } else { "\n\n" };
        let words = format!("{}{apart}{words}", row.words.trim_end());
        if words.chars().count() > SectionWords::MAX {
            let mut problems = Problems::new();
            problems.take::<()>("shows", Err(BadWords::TooLong { max: SectionWords::MAX }));
            return Err(Refused::Invalid(problems));
        }
        let (me, now) = (somebody(who)?.id, self.now());
        add(&mut tx, design, &[(picture.name.clone(), kept)], (now, me)).await?;
        self.put_typed(&mut tx, who, (design, section, seq), (&row.words, &words)).await?;
        access::done(&mut tx, form, Some(section.0), now).await?;
        self.commit_and_tell(tx, Event::Design { design }).await?;
        // Somebody else may have taken the same picture away between its bytes and its row: putting them again is cheap.
        self.keep_files(&picture).await?;
        Ok(Added { waits: row.holds })
    }

    /// The pictures of a design, for those who write in it.
    ///
    /// # Errors
    /// [`Refused::Unknown`], [`Refused::NotAllowed`].
    pub async fn list_pictures(&self, who: &Who, design: DesignId) -> Result<PicturesPage, Refused> {
        let mut tx = self.store().read().await?;
        let head = open(&mut tx, who, Verb::WriteSection, design).await?;
        let sections = store::designs::sections(&mut tx, design).await?;
        let holds = sections.iter().any(|s| s.holds);
        let named: Vec<_> = sections
            .into_iter()
            .filter(|s| s.removed_at.is_none())
            .map(|s| (pictures_in(&s.words), s.id, s.heading))
            .collect();
        let rows = store::pictures::all(&mut tx, design).await?;
        let stands = |name: &PictureName, pictures: &[(PictureName, Option<String>)]| {
            pictures.iter().find(|(there, _)| there == name).map(|(_, shows)| shows.clone())
        };
        let pictures = rows
            .into_iter()
            .map(|row| PictureLine {
                shows: named.iter().find_map(|(pictures, ..)| stands(&row.name, pictures)).flatten(),
                stands_in: named
                    .iter()
                    .filter(|(pictures, ..)| stands(&row.name, pictures).is_some())
                    .map(|(_, id, heading)| (*id, heading.clone()))
                    .collect(),
                removes: may(who, Verb::RemovePicture, &head.place.clone().by(Some(row.made_by))) == Answer::Yes,
                // Whoever writes is in the group.
                by: By::new(true, row.by_name, row.by_role),
                made_at: row.made_at,
                waits: holds && row.looked_at.is_none(),
                seen: !holds || row.looked_at.is_some() || sees_waiting(who, &head.place, row.made_by),
                name: row.name,
            })
            .collect();
        let parts = named.into_iter().filter(|_| head.words_open()).map(|(_, id, heading)| (id, heading)).collect();
        Ok(PicturesPage { head, pictures, parts })
    }

    /// A picture for somebody who wants to take it away.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for a picture of another design; [`Refused::NotAllowed`].
    pub async fn picture_page(
        &self,
        who: &Who,
        design: DesignId,
        name: &PictureName,
    ) -> Result<(DesignHead, PictureLine), Refused> {
        let PicturesPage { head, pictures, .. } = self.list_pictures(who, design).await?;
        let line = pictures.into_iter().find(|line| line.name == *name).ok_or(Refused::Unknown)?;
        if line.removes { Ok((head, line)) } else { Err(Refused::NotAllowed) }
    }

    /// Takes a picture away for good, from wherever it stands: what it shows stays there as words. Gone already is fine.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of the design; [`Refused::NotAllowed`] for a picture of somebody else;
    /// [`Refused::Invalid`] (`sure`) without the tick.
    pub async fn remove_picture(
        &self,
        who: &Who,
        design: DesignId,
        name: &PictureName,
        sure: bool,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let place = allow_thing(&mut tx, who, Verb::WriteSection, Thing::Design(design)).await?;
        let found = store::pictures::find(&mut tx, name).await?.filter(|row| row.design_id == design);
        let Some(row) = found else { return Ok(()) };
        allow(who, Verb::RemovePicture, &place.by(Some(row.made_by)))?;
        if !sure {
            return Err(Refused::invalid("sure", "tick"));
        }
        let seq = store::designs::hold(&mut tx, design).await?.ok_or(Refused::Unknown)?.text_seq;
        self.wipe_picture(&mut tx, design, seq, name, somebody(who)?.id).await?;
        let files = store::pictures::remove(&mut tx, name).await?;
        let act = Act {
            verb: audit::verb(Verb::RemovePicture),
            kind: "design",
            id: &design.to_string(),
            detail: "picture removed",
        };
        audit::note(&mut tx, self.now(), who, act).await?;
        self.commit_and_tell(tx, Event::Design { design }).await?;
        for file in files {
            let hash = <[u8; 32]>::try_from(file).map_err(|_| Refused::fault("a file has no address"))?;
            let gone = self.world().files.forget(hash).await;
            gone.map_err(|_| Refused::fault("the file of a picture could not be taken away"))?;
        }
        Ok(())
    }

    /// The pictures of a design that somebody may take along, in the width that files have. `wanted`: which of them.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of the design.
    pub(crate) async fn pictures_to_take(
        &self,
        who: &Who,
        design: DesignId,
        wanted: impl Fn(&PictureName) -> bool,
    ) -> Result<Vec<(WidthRow, Vec<u8>)>, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Design(design)).await?;
        let unlooked = may(who, Verb::CheckWords, &place) == Answer::Yes;
        let rows = store::pictures::widths(&mut tx, design, WIDTH, unlooked).await?;
        drop(tx);
        let mut all = Vec::new();
        for row in rows.into_iter().filter(|row| wanted(&row.picture)) {
            if let Some(bytes) = self.bytes_of(&row.file).await? {
                all.push((row, bytes));
            }
        }
        Ok(all)
    }

    /// The bytes of a file that is kept.
    async fn bytes_of(&self, file: &[u8]) -> Result<Option<Vec<u8>>, Refused> {
        let hash = <[u8; 32]>::try_from(file).map_err(|_| Refused::fault("a file has no address"))?;
        let bytes = self.world().files.get(hash).await;
        bytes.map_err(|_| Refused::fault("the file of a picture could not be read"))
    }

    /// The bytes of a picture. Until somebody has looked at it, where a group checks everything first, only for the one who put
    /// it in and for those who check words there.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for everybody who may not read its design, for a width that is none, and where there is none.
    pub async fn picture_file(&self, who: &Who, name: &PictureName, width: u32) -> Result<PictureFile, Refused> {
        let mut tx = self.store().read().await?;
        let row = store::pictures::find(&mut tx, name).await?;
        let design = row.as_ref().map_or(DesignId(uuid::Uuid::nil()), |row| row.design_id);
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Design(design)).await?;
        let row = row.ok_or(Refused::Unknown)?;
        if row.waits && !sees_waiting(who, &place, row.made_by) {
            return Err(Refused::Unknown);
        }
        let width = WIDTHS.into_iter().find(|w| *w == width).ok_or(Refused::Unknown)?;
        let found = store::pictures::width(&mut tx, name, width).await?.ok_or(Refused::Unknown)?;
        drop(tx);
        let bytes = self.bytes_of(&found.file).await?.ok_or(Refused::Unknown)?;
        Ok(PictureFile { kind: found.kind, bytes })
    }
}

/// Whether somebody sees a picture that nobody has looked at: their own, or because they are the ones who look.
fn sees_waiting(who: &Who, place: &Place, made_by: PersonId) -> bool {
    who.id() == Some(made_by) || may(who, Verb::CheckWords, place) == Answer::Yes
}

/// Adds pictures to a design.
///
/// # Errors
/// [`Refused::Invalid`] (`picture`) when there are too many.
pub(crate) async fn add(
    tx: &mut Tx,
    design: DesignId,
    pictures: &[(PictureName, Vec<NewWidth>)],
    (at, by): (Moment, PersonId),
) -> Result<(), Refused> {
    if pictures.is_empty() {
        return Ok(());
    }
    if store::pictures::all(tx, design).await?.len() + pictures.len() > MAX_PICTURES {
        return Err(Refused::invalid("picture", "picture-many"));
    }
    for (name, widths) in pictures {
        store::pictures::insert(tx, name, design, widths, (at, by)).await?;
    }
    Ok(())
}

/// Everybody may see the pictures that somebody was shown who looked at words. `html`: what they were shown.
pub(crate) async fn looked(tx: &mut Tx, design: DesignId, html: &str, at: Moment) -> Result<(), Refused> {
    for name in pictures_drawn(html) {
        store::pictures::set_looked(tx, design, &name, at).await?;
    }
    Ok(())
}
