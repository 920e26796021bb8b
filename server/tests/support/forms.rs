//! The forms of a page, filled in and sent back as a plain client does that knows nothing but the page: every control with
//! what stands in it, and only what the page offers.

use super::{Answer, Site};

/// One control.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Control {
    /// Words, a hidden value, a password.
    Words,
    /// One of several: radios and lists. Only what is offered can be chosen.
    OneOf(Vec<String>),
    /// Boxes to tick.
    AnyOf(Vec<String>),
    File,
}

/// A form as it stands on the page.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: String,
    controls: Vec<(String, Control)>,
    values: Vec<(String, String)>,
    /// The words on its buttons.
    pub buttons: Vec<String>,
}

fn plain(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The value of an attribute of a tag; empty for one without a value.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag.trim_start_matches('<');
    rest = &rest[rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len())..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        let (own, after) = rest.split_at(end);
        let value;
        (value, rest) = match after.strip_prefix("=\"") {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => ("", after.trim_start_matches('=')),
        };
        if own == name {
            return Some(plain(value));
        }
    }
}

/// Every tag of some HTML with the text that follows it.
fn tags(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.split('<').skip(1).map(|part| {
        // A `>` inside a quoted value does not end the tag.
        let mut quoted = false;
        let end = part.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let end = end.unwrap_or(part.len());
        (&part[..end], part.get(end + 1..).unwrap_or(""))
    })
}

fn read(open: &str, inside: &str) -> Form {
    let mut form = Form {
        action: attribute(open, "action").unwrap_or_default(),
        controls: Vec::new(),
        values: Vec::new(),
        buttons: Vec::new(),
    };
    let mut list: Option<(String, Vec<String>, Option<String>)> = None;
    for (tag, text) in tags(inside) {
        let name = attribute(tag, "name").unwrap_or_default();
        let word = tag.split(|c: char| c.is_whitespace() || c == '/').find(|w| !w.is_empty()).unwrap_or("");
        let closing = tag.starts_with('/');
        match word {
            "input" => {
                let value = attribute(tag, "value").unwrap_or_default();
                let on = attribute(tag, "checked").is_some();
                match attribute(tag, "type").as_deref() {
                    Some("radio") => form.offer(&name, &value, on, true),
                    Some("checkbox") => form.offer(&name, &value, on, false),
                    Some("file") => form.controls.push((name, Control::File)),
                    _ => form.words(name, value),
                }
            }
            "textarea" if !closing => form.words(name, plain(text.strip_prefix('\n').unwrap_or(text))),
            "select" if !closing => list = Some((name, Vec::new(), None)),
            "option" if !closing => {
                if let Some((_, all, chosen)) = list.as_mut() {
                    let value = attribute(tag, "value").unwrap_or_else(|| plain(text.trim()));
                    if attribute(tag, "selected").is_some() {
                        *chosen = Some(value.clone());
                    }
                    all.push(value);
                }
            }
            "select" => {
                if let Some((name, all, chosen)) = list.take() {
                    let first = all.first().cloned().unwrap_or_default();
                    form.values.push((name.clone(), chosen.unwrap_or(first)));
                    form.controls.push((name, Control::OneOf(all)));
                }
            }
            "button" if !closing => {
                form.buttons.push(plain(text.trim()));
                if !name.is_empty() {
                    form.words(name, attribute(tag, "value").unwrap_or_default());
                }
            }
            _ => {}
        }
    }
    form
}

impl Form {
    fn words(&mut self, name: String, value: String) {
        self.values.push((name.clone(), value));
        self.controls.push((name, Control::Words));
    }

    fn offer(&mut self, name: &str, value: &str, on: bool, one: bool) {
        if on {
            self.values.push((name.to_owned(), value.to_owned()));
        }
        match self.controls.iter_mut().find(|(n, _)| n == name) {
            Some((_, Control::OneOf(all) | Control::AnyOf(all))) => all.push(value.to_owned()),
            _ => {
                let all = vec![value.to_owned()];
                self.controls.push((name.to_owned(), if one { Control::OneOf(all) } else { Control::AnyOf(all) }));
            }
        }
    }

    fn control(&self, name: &str) -> &Control {
        let found = self.controls.iter().find(|(n, _)| n == name);
        &found.unwrap_or_else(|| panic!("no field {name} in {:?}", self.controls)).1
    }

    /// Types into a field, or chooses one of what is offered.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        if let Control::OneOf(offered) | Control::AnyOf(offered) = self.control(name) {
            assert!(offered.iter().any(|o| o == value), "{name} does not offer {value}: {offered:?}");
        }
        self.values.retain(|(n, _)| n != name);
        self.values.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes every tick of a field out.
    pub fn untick(mut self, name: &str) -> Self {
        assert!(matches!(self.control(name), Control::AnyOf(_)), "{name} is no box to tick");
        self.values.retain(|(n, _)| n != name);
        self
    }

    /// What stands in a field.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// Whether it has a field of this name; one that people cannot type into also says or offers this value.
    pub fn fits(&self, name: &str, value: &str) -> bool {
        let told = matches!(name, "act" | "to" | "person" | "comment");
        let says = self.values.iter().any(|(n, v)| n == name && v == value);
        self.controls.iter().any(|(n, control)| {
            n == name
                && match control {
                    Control::OneOf(all) | Control::AnyOf(all) => !told || all.iter().any(|o| o == value),
                    _ => !told || says,
                }
        })
    }

    /// What a field offers to choose from.
    pub fn offers(&self, name: &str) -> &[String] {
        match self.control(name) {
            Control::OneOf(all) | Control::AnyOf(all) => all,
            _ => &[],
        }
    }

    /// Sends it, as it stands.
    pub async fn send(&self, site: &Site, session: &str) -> Answer {
        let fields: Vec<(&str, &str)> = self.values.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        site.post(session, &self.action, &fields).await
    }

    /// Sends it as a browser sends forms with files; `file` is the name and the bytes of the one file field.
    pub async fn send_with(&self, site: &Site, session: &str, file: (&str, &[u8])) -> Answer {
        let end = "a-line-that-is-in-no-file";
        let mut body: Vec<u8> = Vec::new();
        for (name, value) in &self.values {
            body.extend(
                format!("--{end}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let (field, _) =
            self.controls.iter().find(|(_, c)| *c == Control::File).expect("the form has a field for a file");
        let head = format!("Content-Disposition: form-data; name=\"{field}\"; filename=\"{}\"", file.0);
        body.extend(format!("--{end}\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n").bytes());
        body.extend(file.1);
        body.extend(format!("\r\n--{end}--\r\n").bytes());
        site.post_body(session, &self.action, &format!("multipart/form-data; boundary={end}"), body).await
    }
}

impl Answer {
    /// Every form of the page.
    pub fn forms(&self) -> Vec<Form> {
        self.body
            .split("<form")
            .skip(1)
            .filter_map(|part| {
                let (whole, _) = part.split_once("</form>")?;
                let html = format!("<form{whole}");
                let (open, _) = tags(&html).next()?;
                Some(read(open, &html[open.len() + 2..]))
            })
            .collect()
    }

    /// The one form with a button that says so.
    pub fn form(&self, button: &str) -> Form {
        let mut found: Vec<Form> =
            self.forms().into_iter().filter(|f| f.buttons.iter().any(|b| b.starts_with(button))).collect();
        assert_eq!(found.len(), 1, "forms with a button “{button}”: {:#?} in {}", self.forms(), self.body);
        found.remove(0)
    }

    /// Whether any form has a button that says so.
    pub fn has_button(&self, button: &str) -> bool {
        self.forms().iter().any(|f| f.buttons.iter().any(|b| b.starts_with(button)))
    }

    /// The address of the first link that starts so.
    pub fn link(&self, start: &str) -> Option<String> {
        self.body.split("href=\"").skip(1).filter_map(|p| p.split('"').next()).find(|h| h.starts_with(start)).map(plain)
    }
}
