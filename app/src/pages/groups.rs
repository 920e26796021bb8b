//! Groups.

use domain::access::{Place, Verb};
use domain::comments::Checking;
use domain::groups::{GroupColour, GroupKind, GroupRole, SYMBOLS, Visibility};
use domain::ids::PersonId;
use leptos::prelude::*;
use service::groups::{GroupCard, GroupPeople, GroupSettings, GroupView, Joinable, Member, USUAL};
use service::workspaces::{GroupTag, WorkspaceCard};

use crate::kit::{Choice, Field};
use crate::{Crumb, Form, Page, Sheet, kit};

fn card(page: &Page, g: GroupCard) -> AnyView {
    let mine = g.my_role.map(|role| {
        let role = page.t(&format!("group-role-{role}"));
        view! { <p class="meta">{page.with("groups-my-role", &[("role", (&role).into())])}</p> }
    });
    kit::card(
        false,
        view! {
            {kit::group_tag(g.colour, &g.symbol, &page.t(&format!("group-kind-{}", g.kind)))}
            <h3><a href=format!("/groups/{}", g.slug)>{g.name.clone()}</a></h3>
            <p class="words">{g.purpose}</p>
            {mine}
        },
    )
}

/// The list of groups somebody may know of, theirs first.
pub fn list(page: &Page, groups: Vec<GroupCard>) -> String {
    page.draw(&Sheet::new(page.t("groups-title")).menu("/groups"), || {
        let none = groups.is_empty().then(|| kit::empty("1F465", page.t("groups-none")));
        let (mine, others): (Vec<_>, Vec<_>) = groups.into_iter().partition(|g| g.my_role.is_some());
        let two = !mine.is_empty() && !others.is_empty();
        let part = |key: &str, groups: Vec<GroupCard>| {
            (!groups.is_empty()).then(|| {
                let cards = groups.into_iter().map(|g| card(page, g)).collect_view();
                view! { <section><h2 class=if two { "" } else { "unseen" }>{page.t(key)}</h2><ul class="cards">{cards}</ul></section> }
            })
        };
        let make = page
            .may(Verb::MakeGroup, &domain::access::Place::house())
            .then(|| view! { <p class="buttons"><a class="button" href="/groups/new">{page.t("group-new-link")}</a></p> });
        view! {
            <h1>{page.t("groups-title")}</h1>
            <p class="lead">{page.t("groups-lead")}</p>
            {none}
            {part("groups-mine", mine)}
            {part("groups-others", others)}
            {make}
            <p class="go"><a href="/workspaces">{page.t("groups-all-work")}</a></p>
        }
        .into_any()
    })
}

/// The tags of a workspace's groups.
pub(crate) fn tags(groups: &[GroupTag]) -> AnyView {
    groups.iter().map(|g| kit::group_tag(g.colour, &g.symbol, &g.name)).collect_view().into_any()
}

/// A workspace as a card. `tagged`: with the tags of its groups.
pub(crate) fn work_card(w: &WorkspaceCard, tagged: bool) -> AnyView {
    kit::card(
        false,
        view! {
            {tagged.then(|| tags(&w.groups))}
            {kit::symbol(&w.symbol, 72)}
            <h3><a href=format!("/workspaces/{}", w.slug)>{w.title.clone()}</a></h3>
            <p>{w.summary.clone()}</p>
        },
    )
}

fn person_words(page: &Page, m: &Member) -> String {
    let role = page.t(&format!("group-person-{}", m.role));
    let inside = page.t(&format!("group-role-{}", m.group_role));
    page.with("group-member-words", &[("role", (&role).into()), ("inside", (&inside).into())])
}

/// A group's own page.
pub fn view(page: &Page, g: GroupView) -> String {
    let sheet =
        Sheet::new(g.group.name.clone()).menu("/groups").crumbs(vec![Crumb::new(page.t("groups-title"), "/groups")]);
    page.draw(&sheet, || {
        let slug = g.group.slug.clone();
        let inside = g.members.is_some();
        let open = page.may(Verb::OpenWorkspace, &g.place).then(|| {
            view! { <a class="button main" href=format!("/workspaces/new?group={slug}")>{page.t("workspace-new-link")}</a> }
        });
        let people = page
            .may(Verb::ManageMembers, &g.place)
            .then(|| view! { <a class="button" href=format!("/groups/{slug}/people")>{page.t("group-people-link")}</a> });
        let settings = page
            .may(Verb::ChangeGroup, &g.place)
            .then(|| view! { <a class="button" href=format!("/groups/{slug}/settings")>{page.t("group-settings-link")}</a> });
        let any = open.is_some() || people.is_some() || settings.is_some();
        let acts = any.then(|| view! { <p class="buttons">{open}{people}{settings}</p> });
        let who_knows = inside.then(|| {
            view! { <p class="meta">{page.t(&format!("group-visibility-{}-hint", g.visibility))}</p> }
        });
        let work = match &g.work {
            None => kit::notice("info", view! { <p>{page.t("group-outside")}</p> }),
            Some(work) => {
                let none = work.is_empty().then(|| kit::empty("1F331", page.t("group-no-work")));
                let cards = work.iter().map(|w| work_card(w, w.groups.len() > 1)).collect_view();
                view! { <section><h2>{page.t("workspaces-title")}</h2>{none}<ul class="cards">{cards}</ul></section> }.into_any()
            }
        };
        let members = g.members.as_ref().map(|all| {
            let rows = all
                .iter()
                .map(|m| view! { <li><strong>{m.name.clone()}</strong>" "<span class="meta">{person_words(page, m)}</span></li> })
                .collect_view();
            let leave = page
                .may(Verb::LeaveGroup, &g.place)
                .then(|| view! { <p class="go"><a href="/my-data">{page.t("group-leave-link")}</a></p> });
            view! {
                <section>
                    <h2>{page.t("group-people-title")}</h2>
                    <p class="hint">{page.t("group-people-seen")}</p>
                    <ul>{rows}</ul>
                    {leave}
                </section>
            }
        });
        view! {
            {kit::group_tag(g.group.colour, &g.group.symbol, &page.t(&format!("group-kind-{}", g.group.kind)))}
            <h1>{g.group.name.clone()}</h1>
            <p class="lead words">{g.group.purpose.clone()}</p>
            {who_knows}
            {acts}
            {work}
            {members}
        }
        .into_any()
    })
}

/// The choice of a symbol, side by side.
pub(crate) fn symbols(page: &Page, form: &Form, hint: String) -> AnyView {
    let all = SYMBOLS.iter().map(|code| Choice::new(*code, page.t(&format!("symbol-{code}"))).symbol(*code)).collect();
    let field = Field::new("symbol", page.t("symbol-label")).hint(hint);
    view! { <div class="tiles">{kit::radios(page, form, field, all)}</div> }.into_any()
}

fn visibility(page: &Page, form: &Form, start: &str, usual: bool) -> AnyView {
    let mut all: Vec<_> = Visibility::ALL
        .iter()
        .map(|v| {
            Choice::new(v.name(), page.t(&format!("group-visibility-{v}")))
                .hint(page.t(&format!("group-visibility-{v}-hint")))
        })
        .collect();
    if usual {
        all.insert(0, Choice::new(USUAL, page.t("group-usual")).hint(page.t("group-visibility-usual-hint")));
    }
    kit::radios(page, form, Field::new("visibility", page.t("group-visibility-label")).start(start), all)
}

fn checking(page: &Page, form: &Form, start: &str, usual: bool) -> AnyView {
    let mut all: Vec<_> = Checking::ALL
        .iter()
        .map(|c| {
            Choice::new(c.name(), page.t(&format!("group-checking-{c}")))
                .hint(page.t(&format!("group-checking-{c}-hint")))
        })
        .collect();
    if usual {
        all.insert(0, Choice::new(USUAL, page.t("group-usual")).hint(page.t("group-checking-usual-hint")));
    }
    kit::radios(page, form, Field::new("checking", page.t("group-checking-label")).start(start), all)
}

/// The form for a new group.
pub fn new(page: &Page, form: &Form) -> String {
    let sheet = Sheet::new(page.t("group-new-title"))
        .menu("/groups")
        .crumbs(vec![Crumb::new(page.t("groups-title"), "/groups")])
        .refused(form);
    page.draw(&sheet, || {
        let kinds = std::iter::once(Choice::new("", page.t("group-kind-choose")))
            .chain(GroupKind::ALL.iter().map(|k| Choice::new(k.name(), page.t(&format!("group-kind-{k}")))))
            .collect();
        let colours =
            GroupColour::ALL.iter().map(|c| Choice::new(c.name(), page.t(&format!("group-colour-{c}")))).collect();
        let fields = view! {
            {kit::field(page, form, Field::new("name", page.t("group-name-label")).size(40))}
            {kit::text_area(page, form, Field::new("purpose", page.t("group-purpose-label")).hint(page.t("group-purpose-hint")).size(4))}
            {kit::select(page, form, Field::new("kind", page.t("group-kind-label")), kinds)}
            {visibility(page, form, USUAL, true)}
            {checking(page, form, USUAL, true)}
            {kit::radios(page, form, Field::new("colour", page.t("group-colour-label")).start("plum"), colours)}
            {symbols(page, form, page.t("group-symbol-hint"))}
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("group-new-title")}</h1>
            <p class="lead">{page.t("group-new-lead")}</p>
            {kit::form(page, form, "/groups/new", &page.t("group-new-button"), fields)}
        }
        .into_any()
    })
}

fn inner_crumbs(page: &Page, g: &GroupCard) -> Vec<Crumb> {
    vec![Crumb::new(page.t("groups-title"), "/groups"), Crumb::new(g.name.clone(), format!("/groups/{}", g.slug))]
}

/// The settings of a group, for its workers.
pub fn settings(page: &Page, form: &Form, s: &GroupSettings) -> String {
    let title = page.with("group-settings-title", &[("group", (&s.group.name).into())]);
    let sheet = Sheet::new(title.clone()).menu("/groups").crumbs(inner_crumbs(page, &s.group)).refused(form);
    page.draw(&sheet, || {
        let threshold = Field::new("threshold", page.t("group-threshold-label"))
            .hint(page.with("group-threshold-hint", &[("least", s.least.into())]))
            .start(s.threshold.to_string())
            .size(4);
        let on_devices = Field::new("on_devices", page.t("group-devices-label"))
            .hint(page.t("group-devices-hint"))
            .start(if s.on_devices { "yes" } else { "no" });
        let fields = view! {
            {kit::field(page, form, Field::new("name", page.t("group-name-label")).start(&s.group.name).size(40))}
            {kit::text_area(page, form, Field::new("purpose", page.t("group-purpose-label")).hint(page.t("group-purpose-hint"))
                .start(&s.group.purpose).size(4))}
            {visibility(page, form, s.visibility.name(), false)}
            {checking(page, form, s.checking.name(), false)}
            {kit::field(page, form, threshold)}
            {kit::radios(page, form, on_devices, vec![
                Choice::new("no", page.t("group-devices-no")),
                Choice::new("yes", page.t("group-devices-yes")),
            ])}
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            {kit::form(page, form, &format!("/groups/{}/settings", s.group.slug), &page.t("group-settings-button"), fields)}
        }
        .into_any()
    })
}

/// Names as they stand in a list to choose from: with what tells two of one name apart.
fn joinable_words(page: &Page, all: &[Joinable], p: &Joinable) -> String {
    let role = page.t(&format!("group-person-{}", p.role));
    let twins = all.iter().filter(|o| o.name == p.name && o.role == p.role).count() > 1;
    let key = if twins { "group-joinable-since" } else { "group-joinable" };
    let since = page.date(p.made_at);
    page.with(key, &[("name", (&p.name).into()), ("role", (&role).into()), ("since", (&since).into())])
}

fn role_choices(page: &Page, staff: Option<bool>) -> Vec<Choice> {
    GroupRole::ALL
        .iter()
        .filter(|r| **r != GroupRole::Worker || staff != Some(false))
        .map(|r| {
            Choice::new(r.name(), page.t(&format!("group-role-{r}-label")))
                .hint(page.t(&format!("group-role-{r}-hint")))
        })
        .collect()
}

/// Who is in a group, for its workers. `chosen`: whose place is being changed.
pub fn people(page: &Page, form: &Form, g: &GroupPeople, chosen: Option<PersonId>) -> String {
    let title = page.with("group-people-page-title", &[("group", (&g.group.name).into())]);
    let sheet = Sheet::new(title.clone()).menu("/groups").crumbs(inner_crumbs(page, &g.group)).refused(form);
    page.draw(&sheet, || {
        let path = format!("/groups/{}/people", g.group.slug);
        let chosen = chosen.and_then(|id| g.members.iter().find(|m| m.id == id));
        let rows = g
            .members
            .iter()
            .map(|m| {
                let off = (!m.active).then(|| view! { " "<span class="meta">{page.t("group-member-off")}</span> });
                let role = page.t(&format!("group-person-{}", m.role));
                let change = view! {
                    <a href=format!("{path}?person={}#change", m.id)>
                        {page.t("group-change-link")}<span class="unseen">" "{m.name.clone()}", "{role.clone()}</span>
                    </a>
                };
                vec![
                    view! { {m.name.clone()}{off} }.into_any(),
                    view! { {role} }.into_any(),
                    view! { {page.t(&format!("group-role-{}-label", m.group_role))} }.into_any(),
                    change.into_any(),
                ]
            })
            .collect();
        let columns = ["name", "role", "inside", "change"].map(|c| page.t(&format!("group-column-{c}"))).to_vec();
        let table = kit::table(page.t("group-people-caption"), columns, rows);
        let part = match (chosen, &g.joinable) {
            (Some(m), _) => change_form(page, form, &path, m),
            (None, Some(all)) => add_form(page, form, &path, all),
            (None, None) => kit::notice("info", view! { <p>{page.t("group-add-ask")}</p> }),
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            {table}
            {part}
        }
        .into_any()
    })
}

fn change_form(page: &Page, form: &Form, path: &str, m: &Member) -> AnyView {
    let person = m.id.to_string();
    let roles = role_choices(page, Some(m.role.is_staff()));
    let fields = view! {
        {kit::hidden("act", "role")}
        {kit::hidden("person", &person)}
        {kit::radios(page, form, Field::new("role", page.t("group-role-label")).start(m.group_role.name()), roles)}
    };
    let name = [("name", (&m.name).into())];
    let out = (kit::hidden("act", "out"), kit::hidden("person", &person));
    view! {
        <section id="change" aria-labelledby="change-title">
            <h2 id="change-title">{page.with("group-change-title", &name)}</h2>
            {kit::form(page, form, path, &page.t("group-change-button"), fields)}
            <h3>{page.with("group-out-title", &name)}</h3>
            <p>{page.t("group-out-words")}</p>
            {kit::one_button(form, path, "danger", out, page.with("group-out-button", &name))}
            <p class="go"><a href=path.to_owned()>{page.t("group-change-back")}</a></p>
        </section>
    }
    .into_any()
}

fn add_form(page: &Page, form: &Form, path: &str, all: &[Joinable]) -> AnyView {
    let new = page.may(Verb::MakePerson, &Place::house());
    let new = new.then(|| view! { <p class="go"><a href="/people/new">{page.t("group-add-new")}</a></p> });
    if all.is_empty() {
        return view! { {kit::notice("info", view! { <p>{page.t("group-add-nobody")}</p> })}{new} }.into_any();
    }
    let people = std::iter::once(Choice::new("", page.t("group-add-choose")))
        .chain(all.iter().map(|p| Choice::new(p.id.to_string(), joinable_words(page, all, p))))
        .collect();
    let fields = view! {
        {kit::hidden("act", "add")}
        {kit::select(page, form, Field::new("person", page.t("group-add-person")), people)}
        {kit::radios(page, form, Field::new("role", page.t("group-role-label")).start("member"), role_choices(page, None))}
    };
    view! {
        <section>
            <h2>{page.t("group-add-title")}</h2>
            {kit::form(page, form, path, &page.t("group-add-button"), fields)}
            {new}
        </section>
    }
    .into_any()
}
