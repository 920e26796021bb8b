//! What an import does not take from a file as it stands there: words of closed lists, hashes of passwords, drawn words.

use domain::actions::{ActionStatus, DidItWork};
use domain::comments::{Checking, CommentKind, CommentState, Stance};
use domain::decisions::{DecisionForm, Hand, PassRule};
use domain::designs::Stage;
use domain::designs::changes::ChangeKind;
use domain::designs::pictures::{PictureKind, PictureName};
use domain::designs::suggestions::{Deciders, Others, SuggestionAnswer, SuggestionKind, SuggestionState};
use domain::groups::{GroupColour, GroupKind, GroupRole, Visibility};
use domain::people::Role;
use domain::safety::{ReportOutcome, ReportWhy};
use domain::workspaces::Template;
use store::moving::{Cell, Table};

use crate::access::is_ours;
use crate::designs::masking::Drawn;

/// What a column of words holds.
enum Holds {
    /// One of these.
    One(fn() -> Vec<&'static str>),
    /// The hash of a password.
    Password,
    /// The words of the same row, drawn.
    Drawn,
    /// The same with what is hidden until somebody has looked; nothing where nothing is hidden.
    Masked,
    /// The name of a picture.
    Picture,
    /// Words of people, or names that any reader of them takes as they come.
    Words,
}

macro_rules! one {
    ($of:ty) => {
        Holds::One(|| <$of>::ALL.iter().map(|value| value.name()).collect())
    };
}

/// What the columns of words hold that hold no free words. A test asks about every column of words, so that a new one is
/// thought of.
const HOLDS: &[(&str, &str, Holds)] = &[
    ("people", "role", one!(Role)),
    ("people", "password", Holds::Password),
    ("groups", "kind", one!(GroupKind)),
    ("groups", "visibility", one!(Visibility)),
    ("groups", "colour", one!(GroupColour)),
    ("groups", "checking", one!(Checking)),
    ("memberships", "role", one!(GroupRole)),
    ("workspaces", "template", one!(Template)),
    ("promises", "agreed_how", Holds::One(|| vec!["half", "lead"])),
    ("designs", "stage", one!(Stage)),
    ("stage_moves", "from_stage", one!(Stage)),
    ("stage_moves", "to_stage", one!(Stage)),
    ("sections", "html", Holds::Drawn),
    ("sections", "masked_html", Holds::Masked),
    ("version_sections", "html", Holds::Drawn),
    ("version_sections", "masked_html", Holds::Masked),
    ("pictures", "name", Holds::Picture),
    ("picture_widths", "picture", Holds::Picture),
    ("picture_widths", "kind", one!(PictureKind)),
    ("changes", "change_kind", one!(ChangeKind)),
    ("changes", "by_role", one!(Role)),
    ("comments", "kind", one!(CommentKind)),
    ("comments", "state", one!(CommentState)),
    ("workspaces", "suggestion_deciders", one!(Deciders)),
    ("suggestions", "kind", one!(SuggestionKind)),
    ("suggestions", "state", one!(SuggestionState)),
    ("suggestion_answers", "answer", one!(SuggestionAnswer)),
    ("suggestion_answers", "others", one!(Others)),
    ("suggestion_answers", "reason_state", one!(CommentState)),
    ("reports", "why", one!(ReportWhy)),
    ("reports", "outcome", one!(ReportOutcome)),
    ("stances", "stance", one!(Stance)),
    ("decisions", "form", one!(DecisionForm)),
    ("decisions", "pass_rule", one!(PassRule)),
    ("hands", "hand", one!(Hand)),
    ("hands", "reason_state", one!(CommentState)),
    ("actions", "status", one!(ActionStatus)),
    ("action_updates", "status", one!(ActionStatus)),
    ("did_it_work", "answer", one!(DidItWork)),
];

fn holds(table: &str, column: &str) -> &'static Holds {
    let found = HOLDS.iter().find(|(t, c, _)| (*t, *c) == (table, column));
    found.map_or(&Holds::Words, |(_, _, holds)| holds)
}

/// What a column may hold when it is a word of a closed list; nothing for all others.
pub fn values(table: &str, column: &str) -> Vec<&'static str> {
    match holds(table, column) {
        Holds::One(of) => of(),
        _ => Vec::new(),
    }
}

/// Refuses a row that no program of ours wrote.
pub(super) fn check(table: &Table, cells: &[Cell]) -> Result<(), String> {
    for (column, cell) in table.columns.iter().zip(cells) {
        let Cell::Text(text) = cell else { continue };
        let fine = match holds(&table.name, &column.name) {
            Holds::One(of) => of().contains(&text.as_str()),
            Holds::Password => is_ours(text),
            Holds::Picture => text.parse::<PictureName>().is_ok(),
            Holds::Drawn | Holds::Masked | Holds::Words => true,
        };
        if !fine {
            return Err(format!("{} is not one that Tandem knows", column.name));
        }
    }
    Ok(())
}

/// Draws words again: HTML of a file would stand on pages as it is.
pub(super) fn draw_again(table: &Table, cells: &mut [Cell]) {
    let at = |name: &str| table.columns.iter().position(|c| c.name == name);
    let drawn = table.columns.iter().position(|c| matches!(holds(&table.name, &c.name), Holds::Drawn));
    let masked = table.columns.iter().position(|c| matches!(holds(&table.name, &c.name), Holds::Masked));
    let (Some(drawn), Some(words)) = (drawn, at("words")) else { return };
    let Some(Cell::Text(words)) = cells.get(words).cloned() else { return };
    let Drawn { html, masked_html } = Drawn::of(&words);
    if let Some(masked) = masked {
        // Of a version nothing is hidden that somebody had looked at.
        let looked = table.name == "version_sections" && matches!(cells[masked], Cell::Null);
        let hidden = masked_html.filter(|_| !looked);
        cells[masked] = hidden.map_or(Cell::Null, Cell::Text);
    }
    cells[drawn] = Cell::Text(html);
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::moving::{Kind, tables};

    /// Columns of words by name, whatever their table: nothing is closed about them.
    const FREE: [&str; 46] = [
        "name",
        "value",
        "verb",
        "object_kind",
        "object_id",
        "detail",
        "media_type",
        "sign_in_name",
        "sign_in_key",
        "team",
        "slug",
        "purpose",
        "symbol",
        "title",
        "summary",
        "what_for",
        "can_change",
        "cannot_change",
        "who_decides",
        "money",
        "hear_when",
        "reason",
        "heading",
        "headings",
        "words",
        "gone",
        "author_label",
        "voter",
        "question",
        "picked",
        "base_words",
        "final_words",
        "other_ids",
        "explanation",
        "void_reason",
        "reason_why",
        "why",
        "next",
        "differs_why",
        "you_said",
        "we_will",
        "owner_role",
        // Of tables that never travel.
        "kind",
        "way",
        "path",
        "fields",
    ];

    #[test]
    fn every_column_of_words_says_what_it_holds() {
        for table in tables() {
            for column in table.columns.iter().filter(|c| c.kind == Kind::Text) {
                let name = column.name.as_str();
                let listed = HOLDS.iter().any(|(t, c, _)| (*t, *c) == (table.name.as_str(), name));
                assert!(listed || FREE.contains(&name), "say in HOLDS or FREE what {}.{name} holds", table.name);
            }
        }
        for (table, column, _) in HOLDS {
            let there = tables().iter().any(|t| t.name == *table && t.columns.iter().any(|c| c.name == *column));
            assert!(there, "there is no {table}.{column}");
        }
    }
}
