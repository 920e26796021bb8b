//! The people of the demo: as one JSON document, as a table, and in the file that keeps them for the next start.

use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Somebody of the demo, with what they sign in with. A contract: other tools read this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPerson {
    /// The name others see.
    pub name: String,
    /// What they are in the organisation.
    pub role: String,
    /// The groups they are in.
    pub groups: Vec<DemoGroup>,
    /// Staff: what they type to sign in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sign_in_name: Option<String>,
    /// Staff: their password.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub password: Option<String>,
    /// Everybody else: the code of their card.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// The pictures of their card, in order.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pictures: Option<[String; 3]>,
    /// Where the QR code of their card leads.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub card: Option<String>,
}

/// A group somebody is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoGroup {
    /// Its address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Who may know of it.
    pub visibility: String,
    /// What they are in it.
    pub role: String,
}

/// How each of them signs in, in words: `Sal / goose-pear-kettle`, or `ABCD EFGH  dog, bus, star`.
fn way(person: &DemoPerson) -> String {
    if let (Some(name), Some(password)) = (&person.sign_in_name, &person.password) {
        return format!("{name} / {password}");
    }
    let code = person.code.as_deref().unwrap_or_default();
    let (a, b) = code.split_at_checked(4).unwrap_or((code, ""));
    format!("{a} {b}  {}", person.pictures.as_ref().map(|p| p.join(", ")).unwrap_or_default())
}

fn line(person: &DemoPerson) -> String {
    let groups: Vec<String> = person.groups.iter().map(|g| format!("{} ({})", g.name, g.role)).collect();
    format!("  {:<10} {:<38} {}", person.name, way(person), groups.join(", "))
}

/// Everybody, under a heading for each role.
pub fn table(people: &[DemoPerson]) -> String {
    let mut out = String::new();
    let mut roles: Vec<&str> = Vec::new();
    for person in people {
        if !roles.contains(&person.role.as_str()) {
            roles.push(&person.role);
        }
    }
    for role in roles {
        let _ = writeln!(out, "{role}");
        for person in people.iter().filter(|p| p.role == role) {
            let _ = writeln!(out, "{}", line(person));
        }
    }
    out
}

/// Somebody of each kind: the first with each role, and of young people also one lead, and one of each hidden group.
pub fn of_each_kind(people: &[DemoPerson]) -> Vec<&DemoPerson> {
    let mut seen: Vec<String> = Vec::new();
    people
        .iter()
        .filter(|p| {
            let leads = if p.groups.iter().any(|g| g.role == "lead") { "lead" } else { "" };
            let hidden = p.groups.iter().find(|g| g.visibility == "hidden").map_or("", |g| g.name.as_str());
            let staff = p.password.is_some();
            let kind = if staff { p.role.clone() } else { format!("{} {leads} {hidden}", p.role) };
            let new = !seen.contains(&kind);
            seen.push(kind);
            new
        })
        .collect()
}

/// What the terminal shows when the demo starts.
pub fn welcome(people: &[DemoPerson], url: &str, file: &Path) -> String {
    let mut out = format!("\nThis is the demo: everybody in it is invented. Open {url}/sign-in\n\n");
    out.push_str("Young people, supporters, parents and carers: a code and three pictures\n");
    let some = of_each_kind(people);
    for person in some.iter().filter(|p| p.code.is_some()) {
        let _ = writeln!(out, "{}", line(person));
    }
    out.push_str("\nStaff: a sign-in name and a password\n");
    for person in some.iter().filter(|p| p.password.is_some()) {
        let _ = writeln!(out, "  {:<18}{}", person.role, line(person).trim_start());
    }
    let _ = writeln!(out, "\nAll {} are in {}.\n", people.len(), file.display());
    out
}

/// Keeps the people for the next start, for the owner of the file only.
///
/// # Errors
/// A sentence for the person at the keyboard.
pub fn keep(people: &[DemoPerson], file: &Path) -> Result<(), String> {
    use std::io::Write as _;
    let failed = |e: std::io::Error| format!("{} could not be written: {e}", file.display());
    let text = serde_json::to_string_pretty(people).map_err(|e| e.to_string())?;
    let mut to = crate::private::create(file).map_err(failed)?;
    to.write_all(text.as_bytes()).and_then(|()| to.sync_all()).map_err(failed)
}

/// The people that an earlier start kept; `None` when there is no such file or it is something else.
pub fn kept(file: &Path) -> Option<Vec<DemoPerson>> {
    serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_only_and_reads_back() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("tandem-demo-people-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("demo-people.json");
        std::fs::write(&file, "open to all").expect("written");
        assert_eq!(kept(&file), None, "what is no list of people is not read as one");
        let sal = DemoPerson {
            name: "Sal".to_owned(),
            role: "officer".to_owned(),
            groups: Vec::new(),
            sign_in_name: Some("Sal".to_owned()),
            password: Some("goose-pear-kettle".to_owned()),
            code: None,
            pictures: None,
            card: None,
        };
        keep(std::slice::from_ref(&sal), &file).expect("kept");
        assert_eq!(std::fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
        assert_eq!(kept(&file), Some(vec![sal]));
        let _ = std::fs::remove_dir_all(&folder);
    }
}
