//! HTML: one page that needs nothing else.

use super::Document;
use crate::designs::markdown;

/// Enough to read it well, light or dark, on paper too.
const STYLE: &str = "body{font:1.125rem/1.6 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}\
h1,h2{line-height:1.2}table{border-collapse:collapse}th,td{border:1px solid;padding:.3rem .6rem;text-align:left}\
.table{overflow-x:auto}img{max-width:100%;height:auto}";

/// The whole document.
pub(super) fn write(document: &Document) -> String {
    let title = escaped(&document.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n",
        escaped(&document.language)
    );
    for (heading, _, html) in &document.sections {
        let html = markdown::each_picture(html, |name, alt| {
            document.picture(name).map(|picture| format!("<img src=\"{}\"{alt}", picture.address()))
        });
        out.push_str(&format!("<section>\n<h2>{}</h2>\n{html}</section>\n", escaped(heading)));
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
