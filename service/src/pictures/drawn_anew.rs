//! A picture as somebody sent it, drawn anew: what we keep is made from its points alone. Where it was taken, by whom and with
//! what, and whatever else was hidden in the file, is in none of ours.

use std::io::Cursor;

use domain::designs::pictures::{PictureKind, WIDTHS};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::FilterType as Smaller;
use image::{DynamicImage, ImageDecoder as _, ImageEncoder as _, ImageFormat, ImageReader, Limits, RgbImage};

/// Most bytes of a picture as it is sent. A phone's are three to eight MB.
pub const MAX_BYTES: usize = 12 * 1024 * 1024;
/// Most points of a picture: a phone's have twelve million, some fifty.
const MAX_POINTS: u64 = 52_000_000;
/// Most points along one side.
const MAX_SIDE: u32 = 20_000;
/// Most bytes of its points: three for each of a photo, up to eight of a drawing. Two or three times as many are in use while
/// it is turned and put on white.
const MAX_MEMORY: u64 = 160_000_000;
/// How high a picture may be for its width: a strip of a whole screen of messages, and no tower.
const MAX_TALL: u32 = 3;
/// How well a JPEG keeps what it saw, of 100.
const QUALITY: u8 = 82;

/// Why a picture was not taken: the key of the message `problem-picture-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPicture {
    /// Nothing was chosen.
    #[error("nothing was chosen")]
    Empty,
    /// More than [`MAX_BYTES`].
    #[error("too big")]
    TooBig,
    /// Not one of the kinds that can be read.
    #[error("not a kind that can be read")]
    Kind,
    /// More points than [`MAX_POINTS`], or a side longer than [`MAX_SIDE`].
    #[error("too many points")]
    Points,
    /// Damaged, or written to do harm.
    #[error("damaged")]
    Broken,
}

impl BadPicture {
    /// The name of the problem in message keys.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "picture-empty",
            Self::TooBig => "picture-too-big",
            Self::Kind => "picture-kind",
            Self::Points => "picture-points",
            Self::Broken => "picture-broken",
        }
    }
}

/// One width of a picture as we keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Width {
    /// As it is asked for: one of [`WIDTHS`].
    pub width: u32,
    /// How wide it is, in pixels: no wider than the picture was.
    pub across: u32,
    /// How high it is, in pixels.
    pub down: u32,
    /// How its bytes are written.
    pub kind: PictureKind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Reads a picture, turned as its camera was held. Of one that moves the first picture is taken: nothing moves here.
fn read(bytes: &[u8]) -> Result<RgbImage, BadPicture> {
    let broken = |_| BadPicture::Broken;
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| BadPicture::Kind)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif)) {
        return Err(BadPicture::Kind);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(2 * MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (across, down) = decoder.dimensions();
    let points = u64::from(across) * u64::from(down);
    if across.max(down) > MAX_SIDE || points > MAX_POINTS || decoder.total_bytes() > MAX_MEMORY {
        return Err(BadPicture::Points);
    }
    if across == 0 || down == 0 {
        return Err(BadPicture::Broken);
    }
    let turned = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(turned);
    Ok(on_white(picture))
}

/// A picture without anything to see through: what was drawn in dark ink for white paper can be seen on dark pages too.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let seen = picture.into_rgba8();
    let mut out = RgbImage::new(seen.width(), seen.height());
    for (to, from) in out.pixels_mut().zip(seen.pixels()) {
        let [r, g, b, a] = from.0.map(u32::from);
        // At most 255, because each part is.
        let over = |ink: u32| u8::try_from((ink * a + 255 * (255 - a)) / 255).unwrap_or(u8::MAX);
        to.0 = [over(r), over(g), over(b)];
    }
    out
}

/// How large a picture is at a width, in pixels.
fn size_at(width: u32, (across, down): (u32, u32)) -> (u32, u32) {
    let scale = (f64::from(width) / f64::from(across)).min(f64::from(width * MAX_TALL) / f64::from(down)).min(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "no larger than the side it came from")]
    let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    (scaled(across), scaled(down))
}

/// The bytes of a picture, in whichever kind has fewer: cameras see what JPEG keeps well, and what was drawn has few colours.
fn written(picture: &RgbImage) -> Result<(PictureKind, Vec<u8>), BadPicture> {
    let (across, down) = picture.dimensions();
    let colour = image::ExtendedColorType::Rgb8;
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    encoder.write_image(picture, across, down, colour).map_err(|_| BadPicture::Broken)?;
    let mut png = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Default, FilterType::Adaptive);
    encoder.write_image(picture, across, down, colour).map_err(|_| BadPicture::Broken)?;
    Ok(if png.len() <= jpeg.len() { (PictureKind::Png, png) } else { (PictureKind::Jpeg, jpeg) })
}

/// How many points a picture says that it has, without reading them; nothing for what is none.
pub(crate) fn points(bytes: &[u8]) -> Option<u64> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let (across, down) = reader.into_dimensions().ok()?;
    Some(u64::from(across) * u64::from(down))
}

/// Draws a picture anew, in every width that pages show: the same bytes in give the same bytes out. This takes a core for up
/// to some seconds.
///
/// # Errors
/// [`BadPicture`].
pub fn draw_anew(bytes: &[u8]) -> Result<Vec<Width>, BadPicture> {
    if bytes.is_empty() {
        return Err(BadPicture::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(BadPicture::TooBig);
    }
    let mut picture = read(bytes)?;
    let whole = picture.dimensions();
    let mut all: Vec<Width> = Vec::with_capacity(WIDTHS.len());
    // The largest first, and each from the one before: that is fast, and nobody sees a difference.
    for width in WIDTHS.into_iter().rev() {
        let (across, down) = size_at(width, whole);
        if (across, down) != picture.dimensions() {
            picture = image::imageops::resize(&picture, across, down, Smaller::Triangle);
        }
        match all.last() {
            // Smaller than this already.
            Some(last) if (last.across, last.down) == (across, down) => all.push(Width { width, ..last.clone() }),
            _ => {
                let (kind, bytes) = written(&picture)?;
                all.push(Width { width, across, down, kind, bytes });
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
