//! Pictures in the words of designs: whose they are, and which file each of their widths is.

use domain::designs::pictures::{PictureKind, PictureName};
use domain::ids::{DesignId, PersonId};
use domain::moment::Moment;
use domain::people::Role;
use uuid::Uuid;

use crate::{StoreError, Tx};

statements! {
    INSERT = "insert into pictures (name, design_id, made_at, made_by) values ($1, $2, $3, $4)";
    INSERT_WIDTH = "insert into picture_widths (picture, width, across, down, kind, file) values ($1, $2, $3, $4, $5, $6)";
    ALL = "select i.name, i.made_at, i.made_by, i.looked_at, p.name as by_name, p.role as by_role from pictures i \
           join people p on p.id = i.made_by where i.design_id = $1 order by i.made_at, i.name";
    FIND = concat!("select i.design_id, i.made_by, (i.looked_at is null and ", holds!(), ") as waits \
            from pictures i join designs d on d.id = i.design_id where i.name = $1");
    WIDTH = "select picture, kind, file, across, down from picture_widths where picture = $1 and width = $2";
    WIDTHS = concat!("select w.picture, w.kind, w.file, w.across, w.down from pictures i join designs d on d.id = i.design_id \
              join picture_widths w on w.picture = i.name where i.design_id = $1 and w.width = $2 \
              and ($3 or i.looked_at is not null or not ", holds!(), ") order by i.name");
    SET_LOOKED = "update pictures set looked_at = $3 where design_id = $1 and name = $2 and looked_at is null";
    FILES = "select file from picture_widths where picture = $1";
    DROP_WIDTHS = "delete from picture_widths where picture = $1";
    DROP = "delete from pictures where name = $1";
}

/// A picture of a design.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PictureRow {
    /// Its name.
    #[sqlx(try_from = "String")]
    pub name: PictureName,
    /// When it was put in.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// By whom.
    #[sqlx(try_from = "Uuid")]
    pub made_by: PersonId,
    /// Since when somebody has looked at it.
    pub looked_at: Option<i64>,
    /// Their name; empty when they deleted their account.
    pub by_name: String,
    /// Their role.
    #[sqlx(try_from = "String")]
    pub by_role: Role,
}

/// Where a picture belongs.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PicturePlaceRow {
    /// The design.
    #[sqlx(try_from = "Uuid")]
    pub design_id: DesignId,
    /// Who put it in.
    #[sqlx(try_from = "Uuid")]
    pub made_by: PersonId,
    /// Its group checks everything first, and nobody has looked at it.
    pub waits: bool,
}

/// One width of a picture.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WidthRow {
    /// The picture.
    #[sqlx(try_from = "String")]
    pub picture: PictureName,
    /// How its bytes are written.
    #[sqlx(try_from = "String")]
    pub kind: PictureKind,
    /// The SHA-256 of its bytes.
    pub file: Vec<u8>,
    /// How wide it is, in pixels.
    pub across: i64,
    /// How high it is, in pixels.
    pub down: i64,
}

/// A width to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewWidth {
    /// As it is asked for.
    pub width: u32,
    /// How wide it is, in pixels.
    pub across: u32,
    /// How high it is, in pixels.
    pub down: u32,
    /// How its bytes are written.
    pub kind: PictureKind,
    /// The SHA-256 of its bytes.
    pub file: [u8; 32],
}

/// Adds a picture with its widths.
///
/// # Errors
/// [`StoreError::Taken`] when there is one of that name.
pub async fn insert(
    tx: &mut Tx,
    name: &PictureName,
    design: DesignId,
    widths: &[NewWidth],
    (at, by): (Moment, PersonId),
) -> Result<(), StoreError> {
    ask!(tx, INSERT, name.as_str(), design.0, at.0, by.0; run)?;
    for w in widths {
        let (width, across, down) = (i64::from(w.width), i64::from(w.across), i64::from(w.down));
        ask!(tx, INSERT_WIDTH, name.as_str(), width, across, down, w.kind.name(), w.file.as_slice(); run)?;
    }
    Ok(())
}

/// Every picture of a design, the oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut Tx, design: DesignId) -> Result<Vec<PictureRow>, StoreError> {
    ask!(tx, ALL, design.0; all PictureRow)
}

/// Where a picture belongs.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find(tx: &mut Tx, name: &PictureName) -> Result<Option<PicturePlaceRow>, StoreError> {
    ask!(tx, FIND, name.as_str(); optional PicturePlaceRow)
}

/// One width of a picture.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn width(tx: &mut Tx, name: &PictureName, width: u32) -> Result<Option<WidthRow>, StoreError> {
    ask!(tx, WIDTH, name.as_str(), i64::from(width); optional WidthRow)
}

/// One width of every picture of a design; only of those that everybody may see, unless `unlooked`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn widths(tx: &mut Tx, design: DesignId, width: u32, unlooked: bool) -> Result<Vec<WidthRow>, StoreError> {
    ask!(tx, WIDTHS, design.0, i64::from(width), unlooked; all WidthRow)
}

/// Somebody has looked at a picture.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_looked(tx: &mut Tx, design: DesignId, name: &PictureName, at: Moment) -> Result<(), StoreError> {
    ask!(tx, SET_LOOKED, design.0, name.as_str(), at.0; run)?;
    Ok(())
}

/// Takes a picture away for good, and tells which files it had.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remove(tx: &mut Tx, name: &PictureName) -> Result<Vec<Vec<u8>>, StoreError> {
    let files = ask!(tx, FILES, name.as_str(); scalars Vec<u8>)?;
    ask!(tx, DROP_WIDTHS, name.as_str(); run)?;
    ask!(tx, DROP, name.as_str(); run)?;
    Ok(files)
}
