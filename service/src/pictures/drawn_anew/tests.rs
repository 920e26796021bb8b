use image::{Rgb, Rgba, RgbaImage};

use super::*;

/// What a camera sees: hardly any point is like the next.
fn seen(across: u32, down: u32) -> RgbImage {
    RgbImage::from_fn(across, down, |x, y| {
        let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 8;
        Rgb([(x * 255 / across) as u8, (y * 255 / down) as u8, noise as u8])
    })
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).expect("written");
    bytes
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).expect("written");
    bytes.into_inner()
}

/// What a phone writes beside a picture: that it was held upright, whose it is, and where.
fn with_place(jpeg: &[u8], turned: u16) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x03\0".to_vec();
    let mut entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        tiff.extend(tag.to_le_bytes());
        tiff.extend(kind.to_le_bytes());
        tiff.extend(count.to_le_bytes());
        tiff.extend(value);
    };
    entry(0x010E, 2, 4, *b"Kim\0");
    entry(0x0112, 3, 1, [turned.to_le_bytes()[0], 0, 0, 0]);
    entry(0x8825, 4, 1, [50, 0, 0, 0]);
    tiff.extend(0u32.to_le_bytes());
    tiff.extend(b"\x01\0\x01\0\x02\0\x02\0\0\0N\0\0\0\0\0\0\0");
    let mut out = jpeg[..2].to_vec();
    out.extend(b"\xFF\xE1");
    out.extend(u16::try_from(tiff.len() + 8).expect("short").to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(tiff);
    out.extend(&jpeg[2..]);
    out
}

fn sizes(bytes: &[u8]) -> Vec<(u32, u32, u32)> {
    draw_anew(bytes).expect("drawn").iter().map(|w| (w.width, w.across, w.down)).collect()
}

#[test]
fn a_photo_loses_where_it_was_taken_and_stands_upright() {
    let sent = with_place(&jpeg(&seen(300, 200)), 6);
    assert!(sent.windows(4).any(|w| w == b"Exif"));
    let drawn = draw_anew(&sent).expect("drawn");
    for width in &drawn {
        assert_eq!((width.across, width.down), (200, 300), "it was held upright");
        assert_eq!(width.kind, PictureKind::Jpeg);
        for told in [&b"Exif"[..], b"Kim", b"http"] {
            assert!(!width.bytes.windows(told.len()).any(|w| w == told), "{told:?} is still in it");
        }
    }
    assert_eq!(drawn, draw_anew(&sent).expect("drawn"), "the same bytes in give the same bytes out");
}

#[test]
fn a_picture_is_kept_in_every_width_and_never_made_larger() {
    assert_eq!(sizes(&jpeg(&seen(2400, 1200))), [(1920, 1920, 960), (960, 960, 480), (480, 480, 240)]);
    assert_eq!(sizes(&jpeg(&seen(700, 10))), [(1920, 700, 10), (960, 700, 10), (480, 480, 7)]);
    assert_eq!(sizes(&jpeg(&seen(1, 1))), [(1920, 1, 1), (960, 1, 1), (480, 1, 1)]);
    // A tower of messages is made so small that it can be seen at all.
    assert_eq!(sizes(&jpeg(&seen(100, 3000))), [(1920, 100, 3000), (960, 96, 2880), (480, 48, 1440)]);
}

#[test]
fn what_was_drawn_stays_sharp_and_stands_on_white() {
    let drawn = RgbaImage::from_fn(600, 400, |x, y| {
        if (x / 40 + y / 40) % 2 == 0 { Rgba([10, 20, 30, 255]) } else { Rgba([255, 0, 0, 0]) }
    });
    let widths = draw_anew(&png(&DynamicImage::ImageRgba8(drawn))).expect("drawn");
    let first = &widths[0];
    assert_eq!((first.kind, first.across), (PictureKind::Png, 600));
    let back = image::load_from_memory(&first.bytes).expect("ours").into_rgb8();
    assert_eq!(back.get_pixel(5, 5).0, [10, 20, 30]);
    assert_eq!(back.get_pixel(45, 5).0, [255, 255, 255], "what one saw through is white");
}

#[test]
fn of_a_picture_that_moves_the_first_is_taken() {
    let mut bytes = Vec::new();
    {
        let mut gif = image::codecs::gif::GifEncoder::new(&mut bytes);
        for shade in [0, 255] {
            gif.encode_frame(image::Frame::new(RgbaImage::from_pixel(60, 40, Rgba([shade, 0, 0, 255]))))
                .expect("a frame");
        }
    }
    let widths = draw_anew(&bytes).expect("drawn");
    let first = image::load_from_memory(&widths[0].bytes).expect("ours").into_rgb8();
    assert_eq!((first.dimensions(), first.get_pixel(3, 3).0), ((60, 40), [0, 0, 0]));
}

#[test]
fn what_is_no_picture_or_too_much_is_refused_with_its_reason() {
    let good = jpeg(&seen(64, 64));
    let mut cut = good.clone();
    cut.truncate(30);
    // The head of a PNG that says that it is 40,000 points wide and high, and of one that is only too long.
    let mut wide = png(&DynamicImage::ImageRgb8(seen(8, 8)));
    let claims = |bytes: &mut Vec<u8>, across: u32, down: u32| {
        bytes[16..20].copy_from_slice(&across.to_be_bytes());
        bytes[20..24].copy_from_slice(&down.to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    };
    let mut long = wide.clone();
    // Few points, of many bytes each.
    let deep = image::ImageBuffer::<Rgba<u16>, _>::from_pixel(8, 8, Rgba([1, 2, 3, 4]));
    let mut deep = png(&DynamicImage::ImageRgba16(deep));
    claims(&mut deep, 5_000, 5_000);
    claims(&mut wide, 8_000, 8_000);
    claims(&mut long, 1, 30_000);
    for (bytes, why) in [
        (&b""[..], BadPicture::Empty),
        (b"words", BadPicture::Kind),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", BadPicture::Kind),
        (b"BM\x00\x00\x00\x00", BadPicture::Kind),
        (b"%PDF-1.7", BadPicture::Kind),
        (b"\0\0\0\x1cftypheic", BadPicture::Kind),
        (&cut, BadPicture::Broken),
        (&good[..3], BadPicture::Broken),
        (b"\x89PNG\r\n\x1a\n", BadPicture::Broken),
        (&wide, BadPicture::Points),
        (&long, BadPicture::Points),
        (&deep, BadPicture::Points),
        (&vec![0; MAX_BYTES + 1], BadPicture::TooBig),
    ] {
        assert_eq!(draw_anew(bytes).map(|_| ()), Err(why), "{:?}", bytes.get(..20));
    }
    assert_eq!(points(&wide), Some(64_000_000));
    assert_eq!(points(b"words"), None);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn damaged_pictures_are_drawn_or_refused(at in 2usize..900, byte: u8, kind in 0usize..2) {
        let mut bytes = if kind == 0 { jpeg(&seen(40, 30)) } else { png(&DynamicImage::ImageRgb8(seen(40, 30))) };
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(widths) = draw_anew(&bytes) {
            proptest::prop_assert_eq!(widths.len(), WIDTHS.len());
        }
    }
}
