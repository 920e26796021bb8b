use std::io::{Cursor, Write as _};

use domain::designs::pictures::PictureName;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a file in it");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("finished").into_inner()
}

fn docx(body: &str) -> Vec<u8> {
    let document = format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let styles =
        "<w:styles xmlns:w=\"w\"><w:style w:styleId=\"berschrift1\"><w:name w:val=\"heading 1\"/></w:style></w:styles>";
    packed(&[("word/document.xml", document.as_bytes()), ("word/styles.xml", styles.as_bytes())])
}

fn odt(body: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:table=\"b\">\
         <office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    packed(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content.as_bytes())])
}

/// A document without its pictures.
fn read(name: &str, bytes: &[u8], first: &str) -> Result<Vec<Draft>, BadDocument> {
    super::read(name, bytes, first, Pictures::none()).map(|read| read.sections)
}

fn pairs(read: Result<Vec<Draft>, BadDocument>) -> Vec<(String, String)> {
    read.expect("it can be read").into_iter().map(|d| (d.heading, d.words)).collect()
}

fn pair(heading: &str, words: &str) -> (String, String) {
    (heading.to_owned(), words.to_owned())
}

#[test]
fn markdown_and_plain_text_are_split_at_headings() {
    let text = "\u{feff}Before.\r\n\r\n# One *two*\r\n\r\nWords\r\n- a\r\n\r\nThree\n=====\nMore `#not`\n\n```\n# no heading\n```\n";
    assert_eq!(
        pairs(read("a.MD", text.as_bytes(), "Start")),
        [
            pair("Start", "Before."),
            pair("One two", "Words\n- a"),
            pair("Three", "More `#not`\n\n```\n# no heading\n```")
        ]
    );
    assert_eq!(pairs(read("a.txt", b"Only words", "Start")), [pair("Start", "Only words")]);
    assert_eq!(
        pairs(read("a.md", b"# The title\n\n## One\n\nwords", "Start")),
        [pair("One", "words")],
        "a title is no part"
    );
}

#[test]
fn word_documents_are_split_at_headings_whatever_the_style_is_called() {
    let bytes = docx(
        "<w:p><w:pPr><w:pStyle w:val=\"berschrift1\"/></w:pPr><w:r><w:t>The pro</w:t></w:r><w:r><w:t>blem</w:t></w:r></w:p>\
         <w:p><w:r><w:t xml:space=\"preserve\">Buses &amp; trains </w:t><w:br/><w:t>are &#233;arly</w:t></w:r></w:p>\
         <w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>one</w:t></w:r></w:p><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>two</w:t></w:r></w:p>\
         <w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b|c</w:t></w:r></w:p></w:tc></w:tr>\
         <w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>\
         <w:p><w:del><w:r><w:t>gone</w:t></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>\
         <w:p><w:pPr><w:outlineLvl w:val=\"1\"/></w:pPr><w:r><w:t>Our idea</w:t></w:r></w:p>",
    );
    assert_eq!(
        pairs(read("a.docx", &bytes, "Start")),
        [
            pair("The problem", "Buses & trains\nare éarly\n\n- one\n- two\n\n| a | b c |\n| --- | --- |\n| 1 |  |"),
            pair("Our idea", ""),
        ]
    );
}

#[test]
fn open_documents_are_split_at_headings() {
    let bytes = odt("<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:p>Before</text:p>\
         <text:h text:outline-level=\"1\">One</text:h><text:p>a<text:s text:c=\"3\"/>b<text:line-break/>c</text:p>\
         <text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>");
    assert_eq!(pairs(read("a.odt", &bytes, "Start")), [pair("Start", "Before"), pair("One", "a   b\nc\n\n- item")]);
}

#[test]
fn what_is_not_what_it_says_is_refused() {
    let good = docx("<w:p><w:r><w:t>words</w:t></w:r></w:p>");
    for (name, bytes, why) in [
        ("a.docx", &b""[..], BadDocument::Empty),
        ("a.docx", b"plain words", BadDocument::Kind),
        ("a.txt", &good, BadDocument::Kind),
        ("a.pdf", b"%PDF-1.7", BadDocument::Kind),
        ("a", b"words", BadDocument::Kind),
        ("a.exe", b"MZ", BadDocument::Kind),
        ("a.docm", &good, BadDocument::Macros),
        ("a.odt", &good, BadDocument::Kind),
        ("a.docx", b"PK\x03\x04 and then nothing", BadDocument::Broken),
        ("a.txt", b"caf\xe9", BadDocument::NotText),
        ("a.md", b"a\0b", BadDocument::NotText),
        ("a.md", b" \n \n", BadDocument::Empty),
    ] {
        assert_eq!(read(name, bytes, "Start"), Err(why), "{name}");
    }
    assert_eq!(read("a.txt", &vec![b'a'; MAX_BYTES + 1], "Start"), Err(BadDocument::TooBig));
    assert_eq!(read("a.txt", "long ".repeat(9000).as_bytes(), "Start"), Err(BadDocument::LongPart));
}

#[test]
fn hostile_files_do_no_harm() {
    // A zip bomb: 13 MB of one letter in a few kilobytes.
    let bomb = packed(&[("word/document.xml", &vec![b'a'; 13 * 1024 * 1024])]);
    assert!(bomb.len() < MAX_BYTES);
    assert_eq!(read("a.docx", &bomb, "Start"), Err(BadDocument::Bomb));

    let names: Vec<String> = (0..3001).map(|n| format!("f{n}")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b""[..])).collect();
    assert_eq!(read("a.docx", &packed(&many), "Start"), Err(BadDocument::Bomb));

    let macros = packed(&[("word/document.xml", b"<w:document/>"), ("word/vbaProject.bin", b"x")]);
    assert_eq!(read("a.docx", &macros, "Start"), Err(BadDocument::Macros));
    let macros = packed(&[("content.xml", b"<a/>"), ("Basic/Standard/Module1.xml", b"x")]);
    assert_eq!(read("a.odt", &macros, "Start"), Err(BadDocument::Macros));

    let lol =
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\"><!ENTITY y \"&x;&x;\">]><w:document>&y;</w:document>";
    assert_eq!(read("a.docx", &packed(&[("word/document.xml", lol.as_bytes())]), "Start"), Err(BadDocument::Broken));
    assert_eq!(read("a.docx", &docx("<w:p><w:r><w:t>&unknown;</w:t></w:r></w:p>"), "Start"), Err(BadDocument::Broken));

    let deep = format!("{}{}", "<w:sdt>".repeat(10_000), "</w:sdt>".repeat(10_000));
    assert_eq!(read("a.docx", &docx(&deep), "Start"), Err(BadDocument::Broken));
    assert_eq!(read("a.docx", &docx("<w:p><w:r>"), "Start"), Err(BadDocument::Broken));

    // Thousands of settings on one element: comparing each with each would take minutes.
    let settings: String = (0..120_000).map(|n| format!(" a{n}=\"x\"")).collect();
    let many = format!("<w:p><w:pPr><w:pStyle{settings} w:val=\"z\"/></w:pPr><w:r><w:t>q</w:t></w:r></w:p>");
    assert_eq!(read("a.docx", &docx(&many), "Start"), Err(BadDocument::Broken));
    assert_eq!(read("a.odt", &odt(&format!("<text:p{settings}>q</text:p>")), "Start"), Err(BadDocument::Broken));
    let twice = "<w:p><w:pPr><w:pStyle a=\"1\" a=\"2\" w:val=\"berschrift1\"/></w:pPr><w:r><w:t>q</w:t></w:r></w:p>";
    assert_eq!(
        pairs(read("a.docx", &docx(twice), "Start")),
        [pair("q", "")],
        "a name that stands there twice is no harm"
    );

    // Spaces that are only said, and words that would be copied from table to table.
    let spaces = format!("<text:p>a{}b</text:p>", "<text:s text:c=\"80\"/>".repeat(200_000));
    assert_eq!(read("a.odt", &odt(&spaces), "Start"), Err(BadDocument::LongPart));
    let words = format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", "a ".repeat(500_000));
    let nested = format!("{}{words}{}", "<w:tbl><w:tr><w:tc>".repeat(60), "</w:tc></w:tr></w:tbl>".repeat(60));
    assert_eq!(read("a.docx", &docx(&nested), "Start"), Err(BadDocument::LongPart));

    let headings = "<text:h>x</text:h>".repeat(100_000);
    assert_eq!(read("a.odt", &odt(&headings), "Start"), Err(BadDocument::Parts));
    assert_eq!(read("a.md", "# x\n".repeat(100_000).as_bytes(), "Start"), Err(BadDocument::Parts));
}

#[test]
fn what_cannot_be_shown_is_left_out() {
    let read = pairs(read("a.txt", "a\u{202e}b\u{7}c".as_bytes(), "Start"));
    assert_eq!(read, [pair("Start", "abc")]);
}

/// What fuzzing found or started from (`fuzz/corpus`): each is read or refused, and nothing worse.
#[test]
#[expect(clippy::disallowed_methods, reason = "the corpus of the fuzzers lies in files")]
fn the_corpus_of_documents_does_no_harm() {
    let corpus =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus/document")).expect("the corpus");
    let mut seen = [0, 0];
    for entry in corpus {
        let bytes = std::fs::read(entry.expect("a file").path()).expect("its bytes");
        let Some((kind, rest)) = bytes.split_first() else { continue };
        let name = ["a.md", "a.txt", "a.docx", "a.odt"][usize::from(*kind) % 4];
        match read(name, rest, "Start") {
            Ok(parts) => {
                seen[0] += 1;
                for part in parts {
                    let html = crate::designs::markdown::draw(&part.words);
                    assert!(!html.contains("<script") && !html.contains("href=\"javascript"), "{html}");
                }
            }
            Err(_) => seen[1] += 1,
        }
    }
    assert!(seen[0] >= 4 && seen[1] >= 2, "{seen:?}");
}

#[test]
fn bold_links_and_numbers_of_word_documents_are_kept() {
    let document = "<w:document xmlns:w=\"w\" xmlns:r=\"r\"><w:body>\
        <w:p><w:pPr><w:rPr><w:b/></w:rPr></w:pPr><w:r><w:t xml:space=\"preserve\">Buses </w:t></w:r><w:r><w:rPr><w:b/></w:rPr>\
        <w:t xml:space=\"preserve\">stop </w:t></w:r><w:r><w:rPr><w:b w:val=\"0\"/><w:i/></w:rPr><w:t>early</w:t></w:r>\
        <w:hyperlink r:id=\"a\"><w:r><w:t xml:space=\"preserve\"> (times)</w:t></w:r></w:hyperlink>\
        <w:hyperlink r:id=\"b\"><w:r><w:t>!</w:t></w:r></w:hyperlink></w:p>\
        <w:p><w:pPr><w:pStyle w:val=\"Listennummer\"/></w:pPr><w:r><w:t>one</w:t></w:r></w:p>\
        <w:p><w:pPr><w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"3\"/></w:numPr></w:pPr><w:r><w:t>in it</w:t></w:r></w:p>\
        <w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"3\"/></w:numPr></w:pPr><w:r><w:t>two</w:t></w:r></w:p>\
        <w:p><w:r><w:t># 1 of 2</w:t></w:r></w:p></w:body></w:document>";
    let styles = "<w:styles xmlns:w=\"w\"><w:style w:styleId=\"Listennummer\"><w:name w:val=\"List Number\"/><w:pPr><w:numPr>\
        <w:numId w:val=\"3\"/></w:numPr></w:pPr></w:style></w:styles>";
    let numbers = "<w:numbering xmlns:w=\"w\"><w:abstractNum w:abstractNumId=\"9\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"decimal\"/>\
        </w:lvl><w:lvl w:ilvl=\"1\"><w:numFmt w:val=\"bullet\"/></w:lvl></w:abstractNum><w:num w:numId=\"3\">\
        <w:abstractNumId w:val=\"9\"/></w:num></w:numbering>";
    let links = "<Relationships><Relationship Id=\"a\" Target=\"https://example.org/?a=1&amp;b=(2)\" TargetMode=\"External\"/>\
        <Relationship Id=\"b\" Target=\"javascript:alert(1)\" TargetMode=\"External\"/></Relationships>";
    let bytes = packed(&[
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
        ("word/numbering.xml", numbers.as_bytes()),
        ("word/_rels/document.xml.rels", links.as_bytes()),
    ]);
    assert_eq!(
        pairs(read("a.docx", &bytes, "Start")),
        [pair(
            "Start",
            "Buses **stop** *early* [(times)](https://example.org/?a=1&b=%282%29)!\n\n1. one\n   - in it\n2. two\n\n\\# 1 of 2"
        )]
    );
}

#[test]
fn bold_links_and_numbers_of_open_documents_are_kept() {
    let content = "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:style=\"s\" xmlns:fo=\"f\" xmlns:xlink=\"x\">\
        <office:automatic-styles><style:style style:name=\"T1\"><style:text-properties fo:font-weight=\"bold\"/></style:style>\
        <text:list-style style:name=\"L1\"><text:list-level-style-number text:level=\"1\"/>\
        <text:list-level-style-bullet text:level=\"2\"/></text:list-style></office:automatic-styles><office:body><office:text>\
        <text:p>Buses <text:span text:style-name=\"T1\">stop</text:span> <text:a xlink:href=\"https://example.org/\">here</text:a></text:p>\
        <text:list text:style-name=\"L1\"><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>in it</text:p>\
        </text:list-item></text:list></text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>\
        </office:text></office:body></office:document-content>";
    let bytes = packed(&[("content.xml", content.as_bytes())]);
    assert_eq!(
        pairs(read("a.odt", &bytes, "Start")),
        [pair("Start", "Buses **stop** [here](https://example.org/)\n\n1. one\n   - in it\n2. two")]
    );
}

/// Looks that change at every letter and links that repeat a long address are words too.
#[test]
fn many_looks_and_long_addresses_do_no_harm() {
    let to = format!("https://example.org/{}", "a".repeat(1900));
    let links =
        format!("<Relationships><Relationship Id=\"a\" Target=\"{to}\" TargetMode=\"External\"/></Relationships>");
    let body = "<w:hyperlink r:id=\"a\"><w:r><w:t>x</w:t></w:r></w:hyperlink><w:r><w:t>y</w:t></w:r>".repeat(100_000);
    let document = format!("<w:document><w:body><w:p>{body}</w:p></w:body></w:document>");
    let bytes =
        packed(&[("word/document.xml", document.as_bytes()), ("word/_rels/document.xml.rels", links.as_bytes())]);
    assert_eq!(read("a.docx", &bytes, "Start"), Err(BadDocument::LongPart));
    let body = "<w:r><w:rPr><w:b/></w:rPr><w:t>x</w:t></w:r><w:r><w:t>y</w:t></w:r>".repeat(9_000);
    let parts = pairs(read("a.docx", &docx(&format!("<w:p>{body}</w:p>")), "Start"));
    assert_eq!(parts[0].1.replace('*', "").len(), 18_000);
    let deep =
        "<text:list><text:list-item>".repeat(120) + "<text:p>x</text:p>" + &"</text:list-item></text:list>".repeat(120);
    assert_eq!(pairs(read("a.odt", &odt(&deep), "Start")), [pair("Start", "- x")]);
}

/// A picture of one colour.
fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(20, 10, image::Rgb([shade, 0, 0]));
    image::DynamicImage::ImageRgb8(picture).write_to(&mut bytes, image::ImageFormat::Png).expect("written");
    bytes.into_inner()
}

/// A document with its pictures: they are called `aaaaaaaa`, `bbbbbbbb` and so on.
fn with_pictures(name: &str, bytes: &[u8]) -> Result<Read, BadDocument> {
    let mut next = 0;
    let mut names = || {
        next += 1;
        PictureName::from_random([next - 1; PictureName::LENGTH])
    };
    super::read(name, bytes, "Start", Pictures::taken(&mut names))
}

/// What a document says and the shades of its pictures.
fn seen(name: &str, bytes: &[u8]) -> (Vec<String>, Vec<u8>) {
    let read = with_pictures(name, bytes).expect("it can be read");
    let shade = |picture: &NewPicture| {
        image::load_from_memory(&picture.widths[0].bytes).expect("ours").into_rgb8().get_pixel(1, 1).0[0]
    };
    (read.sections.into_iter().map(|d| d.words).collect(), read.pictures.iter().map(shade).collect())
}

fn docx_with_pictures(body: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let relations = "<Relationships><Relationship Id=\"r1\" Type=\"x/image\" Target=\"media/1.png\"/>\
         <Relationship Id=\"r2\" Type=\"x/image\" Target=\"/word/media/2.png\"/>\
         <Relationship Id=\"r3\" Type=\"x/image\" Target=\"https://example.org/3.png\" TargetMode=\"External\"/>\
         <Relationship Id=\"r4\" Type=\"x/image\" Target=\"../../../etc/passwd\"/>\
         <Relationship Id=\"r5\" Type=\"x/image\" Target=\"media/drawing.emf\"/></Relationships>";
    let mut all =
        vec![("word/document.xml", document.as_bytes()), ("word/_rels/document.xml.rels", relations.as_bytes())];
    all.extend(files);
    packed(&all)
}

/// A picture in a line, as Word writes one.
fn inline(about: &str, id: &str) -> String {
    format!(
        "<w:r><w:drawing><wp:inline><wp:docPr id=\"1\" {about}/><a:graphic><pic:pic><pic:blipFill><a:blip r:embed=\"{id}\"/>\
         </pic:blipFill></pic:pic></a:graphic></wp:inline></w:drawing></w:r>"
    )
}

#[test]
fn pictures_of_word_documents_stand_where_they_stood() {
    let body = format!(
        "<w:p><w:r><w:t xml:space=\"preserve\">Look: </w:t></w:r>{}<w:r><w:t xml:space=\"preserve\"> there</w:t></w:r></w:p>\
         <w:p>{}</w:p><w:p>{}{}{}</w:p><w:p><w:pict><v:shape alt=\"Old [one]\"><v:imagedata r:id=\"r1\"/></v:shape></w:pict></w:p>\
         <w:p><w:r><w:drawing><wp:anchor><wp:docPr id=\"2\"><a:extLst><a:ext><adec:decorative val=\"1\"/></a:ext></a:extLst></wp:docPr>\
         <a:blip r:embed=\"r2\"/></wp:anchor></w:drawing></w:r></w:p>",
        inline("descr=\"The stop&#10;at &amp; night\"", "r1"),
        inline("name=\"Picture 2\"", "r2"),
        inline("descr=\"Elsewhere\"", "r3"),
        inline("descr=\"Nowhere\"", "r4"),
        inline("title=\"A drawing\"", "r5"),
    );
    let files = [
        ("word/media/1.png", &picture(10)[..]),
        ("word/media/2.png", &picture(20)),
        ("word/media/drawing.emf", b"emf"),
    ];
    let (words, shades) = seen("a.docx", &docx_with_pictures(&body, &files));
    // A picture from elsewhere, one that is not there and one of a kind that nobody can read leave what they show, if anything.
    let expected = "Look: ![The stop at \\& night](picture-aaaaaaaa) there\n\n![](picture-bbbbbbbb)\n\nElsewhereNowhereA drawing\n\n\
         ![Old \\[one\\]](picture-cccccccc)\n\n![-](picture-dddddddd)";
    assert_eq!(words, [expected]);
    assert_eq!(shades, [10, 20, 10, 20]);
}

#[test]
fn pictures_of_open_documents_and_of_text_stand_where_they_stood() {
    let content = "<office:document-content><office:body><office:text><text:h>One</text:h><text:p>Look: <draw:frame>\
         <draw:image xlink:href=\"Pictures/1.png\"/><svg:title>Stop</svg:title><svg:desc>The stop</svg:desc></draw:frame> there\
         <draw:frame><draw:text-box><text:p>In a box</text:p></draw:text-box></draw:frame></text:p>\
         <draw:frame><draw:image xlink:href=\"./Pictures/2.png\"/><svg:title>Beside it</svg:title></draw:frame>\
         </office:text></office:body></office:document-content>";
    let bytes = packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
        ("Pictures/1.png", &picture(10)),
        ("Pictures/2.png", &picture(20)),
    ]);
    let (words, shades) = seen("a.odt", &bytes);
    assert_eq!(words, ["In a box\n\nLook: ![The stop](picture-aaaaaaaa) there\n\n![Beside it](picture-bbbbbbbb)"]);
    assert_eq!(shades, [10, 20]);

    let data = |shade| format!("data:image/png;base64,{}", STANDARD.encode(picture(shade)));
    let text = format!(
        "# One\n\nLook: ![The *stop*][a] and ![]({}) and ![broken](data:image/png;base64,xxx) and ![far](https://example.org/x.png)\n\n\
         # Two\n\n![Again][a]\n\n[a]: {}\n",
        data(20),
        data(10)
    );
    let (words, shades) = seen("a.md", text.as_bytes());
    assert_eq!(
        words,
        [
            "Look: ![The stop](picture-aaaaaaaa) and ![](picture-bbbbbbbb) and broken and ![far](https://example.org/x.png)",
            "![Again](picture-cccccccc)",
        ]
    );
    assert_eq!(shades, [10, 20, 10]);
}

#[test]
fn more_pictures_than_anybody_looks_at_are_refused() {
    let files = [("word/media/1.png", &picture(10)[..])];
    let many =
        format!("<w:p>{}</w:p>", inline("descr=\"x\"", "r1").repeat(domain::designs::pictures::MAX_PICTURES + 1));
    assert_eq!(with_pictures("a.docx", &docx_with_pictures(&many, &files)).map(|_| ()), Err(BadDocument::Pictures));

    // A file that is none, shown very often, is looked at once; many such files are too many.
    let body = format!("<w:p>{}</w:p>", inline("descr=\"x\"", "r1").repeat(20_000));
    let read = with_pictures("a.docx", &docx_with_pictures(&body, &[("word/media/1.png", &vec![0; 1 << 20])]));
    assert_eq!(read.map(|read| read.pictures.len()), Ok(0));

    // Few bytes, very many points: what the head of each says is counted before any is read.
    let mut vast = Cursor::new(Vec::new());
    let white = image::GrayImage::new(7000, 7000);
    image::DynamicImage::ImageLuma8(white).write_to(&mut vast, image::ImageFormat::Png).expect("written");
    let files = ["word/media/1.png", "word/media/2.png", "word/media/drawing.emf"]
        .map(|name| (name, vast.get_ref().as_slice()));
    let three = format!("<w:p>{}</w:p>", ["r1", "r2", "r5"].map(|id| inline("descr=\"x\"", id)).concat());
    let bytes = docx_with_pictures(&three, &files);
    assert!(bytes.len() < MAX_BYTES);
    assert_eq!(with_pictures("a.docx", &bytes).map(|_| ()), Err(BadDocument::Pictures));
}
