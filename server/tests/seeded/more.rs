//! More of everything inside what is planted already: what a page that asks once for each line of a list would stumble
//! over. [`Seed::plant_many`] makes more workspaces; this makes more in each list of the first of them.

use domain::moment::Moment;
use store::Store;
use uuid::Uuid;

use super::{PLACES, Seed};

impl Seed {
    /// So many more lines in every list, in every place. Everything made here has "More" in its name or its words.
    pub async fn grow(&self, more: u32) {
        let now = self.site.test.now();
        let Store::Sqlite { .. } = self.site.test.service.store() else { panic!("planted on SQLite") };
        let mut tx = self.site.test.service.store().write().await.expect("a transaction");
        let store::Tx::Sqlite(t) = &mut tx else { panic!("planted on SQLite") };
        macro_rules! put {
            ($sql:literal $(, $value:expr)*) => {
                sqlx::query($sql)$(.bind($value))*.execute(&mut **t).await.unwrap_or_else(|e| panic!("{}: {e}", $sql))
            };
        }
        // A reason that waits, for the page that checks it.
        put!("update hands set reason_state = 'held'");
        // Decided, so that actions can be made.
        put!("update designs set stage = 'decided' where stage = 'voting'");
        // On the public list.
        put!("update actions set shown = 1");
        let outside = Uuid::parse_str(self.place("house").get("person")).expect("an id");
        for (place, _) in PLACES {
            let at = |name: &str| Uuid::parse_str(self.place(place).get(name)).expect("an id");
            let of = |name: &str| self.people[&(place.to_owned(), name.to_owned())].id().expect("somebody").0;
            let (member, lead, worker) = (of("member"), of("lead"), of("worker"));
            let (design, voting, section, comment) = (at("design"), at("voting"), at("section"), at("comment"));
            let (decision, closed, action) = (at("decision"), at("closed"), at("action"));
            let group = self.place(place).get("group").to_owned();
            let slug = self.place(place).get("workspace").to_owned();
            for n in 0..i64::from(more) {
                let id = || -> Uuid { self.site.test.service.new_id() };
                let name = format!("More {n} of {place}");
                let when = now.plus(-Moment::MINUTE * (n + 1)).0;
                let (young, staff, other) = (id(), id(), id());
                // People, in the group and at work in it.
                for (person, role) in [(young, "young-person"), (staff, "officer")] {
                    put!(
                        "insert into people (id, name, role, must_change, team, active, made_at) values ($1,$2,$3,0,'More team',1,$4)",
                        person,
                        &name,
                        role,
                        when
                    );
                }
                for (person, role) in [(young, "member"), (staff, "worker")] {
                    put!(
                        "insert into memberships (group_id, person_id, role, joined_at) select id, $2, $3, $4 from groups where slug = $1",
                        &group,
                        person,
                        role,
                        when
                    );
                }
                // Another group of the same people, with the person of the house in it.
                put!(
                    "insert into groups (id, slug, name, purpose, kind, visibility, colour, symbol, checking, threshold, made_at) \
                     select $2, $3, $4, purpose, kind, visibility, colour, symbol, checking, threshold, $5 from groups where slug = $1",
                    &group,
                    other,
                    format!("more-{n}-{place}"),
                    &name,
                    when
                );
                for (person, role) in
                    [(member, "member"), (lead, "lead"), (worker, "worker"), (staff, "worker"), (outside, "member")]
                {
                    put!(
                        "insert into memberships (group_id, person_id, role, joined_at) values ($1,$2,$3,$4)",
                        other,
                        person,
                        role,
                        when
                    );
                }
                put!(
                    "insert into templates (id, name, headings, made_at, made_by, changed_at) values ($1,$2,'Who comes',$3,$4,$3)",
                    id(),
                    &name,
                    when,
                    worker
                );
                // The workspace: who agreed, its designs.
                put!(
                    "insert into promise_agreements (workspace_id, person_id) select id, $2 from workspaces where slug = $1",
                    &slug,
                    young
                );
                put!(
                    "insert into designs (id, workspace_id, title, symbol, stage, stage_at, made_at, made_by, text_seq) \
                     select $2, id, $3, '1F68C', 'drafting', $4, $4, $5, 0 from workspaces where slug = $1",
                    &slug,
                    id(),
                    &name,
                    when,
                    worker
                );
                // The designs: sections, versions, moves.
                for design in [design, voting] {
                    let section = id();
                    put!(
                        "insert into pictures (name, design_id, made_at, made_by, looked_at) values ($1,$2,$3,$4,$3)",
                        format!("q{}", &section.simple().to_string()[25..32].replace(['0', '1'], "x")),
                        design,
                        when,
                        young
                    );
                    put!(
                        "insert into sections (id, design_id, position, heading, words, html, words_at, words_by, not_needed) \
                         values ($1,$2,$3,$4,'Buses.','<p>Buses.</p>',$5,$6,0)",
                        section,
                        design,
                        n + 2,
                        &name,
                        when,
                        young
                    );
                    put!(
                        "insert into version_sections (version_id, section_id, position, heading, words, html) \
                         select id, $2, $3, $4, 'Buses.', '<p>Buses.</p>' from versions where design_id = $1 and number = 1",
                        design,
                        section,
                        n + 2,
                        &name
                    );
                    put!(
                        "insert into versions (id, design_id, number, name, made_at, made_by) values ($1,$2,$3,$4,$5,$6)",
                        id(),
                        design,
                        n + 2,
                        &name,
                        when,
                        worker
                    );
                    put!(
                        "insert into changes (design_id, n, section_id, change_kind, made_at, made_by, by_role, added, removed, place, came, gone) \
                         values ($1,$2,$3,'words',$4,$5,'young-person',5,0,0,6,'')",
                        design,
                        n + 1,
                        section,
                        now.plus(Moment::MINUTE * (n + 1)).0,
                        young
                    );
                    put!(
                        "insert into design_reads (person_id, design_id, read_at, change_n, before_at, before_n) values ($1,$2,$3,0,$3,0)",
                        young,
                        design,
                        when
                    );
                    put!(
                        "insert into stage_moves (design_id, n, from_stage, to_stage, reason, moved_at, moved_by) \
                         values ($1,$2,'checking','drafting',$3,$4,$5)",
                        design,
                        n + 1,
                        &name,
                        when,
                        worker
                    );
                }
                // Comments, answers, words that wait, and what an import brought.
                for (design, section, parent, state) in [
                    (design, section, None, "published"),
                    (design, section, Some(comment), "published"),
                    (design, section, None, "held"),
                ] {
                    put!(
                        "insert into comments (id, design_id, section_id, parent_id, author_id, author_label, kind, words, state, reason, made_at, shown_at) \
                         values ($1,$2,$3,$4,$5,'','idea',$6,$7,'',$8,$8)",
                        id(),
                        design,
                        section,
                        parent,
                        young,
                        format!("{name}, {state}"),
                        state,
                        when
                    );
                }
                for state in ["pending", "held"] {
                    put!(
                        "insert into suggestions (id, design_id, section_id, author_id, kind, picked, nth, of_all, base_words, words, why, \
                         state, state_at, reason, final_words, made_at) values ($1,$2,$3,$4,'add','',0,0,'',$5,'Why not.',$6,$7,'','',$7)",
                        id(),
                        design,
                        section,
                        young,
                        format!("{name}, {state}"),
                        state,
                        when
                    );
                }
                put!(
                    "insert into suggestion_supports (suggestion_id, person_id) values ($1,$2)",
                    at("suggestion"),
                    young
                );
                put!("insert into stances (comment_id, voter, stance) values ($1,$2,'agree')", comment, &name);
                // Decisions: another one, and more hands in those there are.
                put!(
                    "insert into decisions (id, workspace_id, design_id, question, explanation, form, pass_rule, quorum, opens_at, \
                     closes_at, made_at, made_by, void_reason) select $2, workspace_id, design_id, $3, '', form, pass_rule, 0, \
                     opens_at, closes_at, made_at, made_by, '' from decisions where id = $1",
                    decision,
                    id(),
                    &name
                );
                for decision in [decision, closed] {
                    put!("insert into roll (decision_id, person_id) values ($1,$2)", decision, young);
                    put!(
                        "insert into hands (decision_id, person_id, hand, reason, reason_state, raised_at) \
                         values ($1,$2,'not-sure',$3,'held',$4)",
                        decision,
                        young,
                        &name,
                        when
                    );
                }
                // Actions: another one, and more of what happened to the first.
                put!(
                    "insert into actions (id, workspace_id, design_id, outcome_id, title, you_said, we_will, owner_role, team, due_at, \
                     status, reason, shown, made_at, made_by, changed_at) select $2, workspace_id, design_id, outcome_id, $3, you_said, \
                     we_will, owner_role, team, due_at, status, '', 1, made_at, made_by, changed_at from actions where id = $1",
                    action,
                    id(),
                    &name
                );
                put!(
                    "insert into action_updates (id, action_id, status, words, reason, made_at, made_by) values ($1,$2,'doing',$3,'',$4,$5)",
                    id(),
                    action,
                    &name,
                    when,
                    worker
                );
                put!(
                    "insert into did_it_work (action_id, person_id, answer, why, said_at) values ($1,$2,'yes',$3,$4)",
                    action,
                    young,
                    &name,
                    when
                );
                // What somebody finds about themselves, and what an administrator reads.
                put!(
                    "insert into sessions (id, secret_hash, person_id, made_at, seen_at, idle, ends_at, shared, way) \
                     values ($1,$1,$2,$3,$3,$4,$5,0,'card')",
                    id(),
                    member,
                    when,
                    Moment::HOUR,
                    now.plus(Moment::DAY).0
                );
                put!(
                    "insert into kept_forms (id, person_id, path, fields, kept_at) values ($1,$2,'/',$3,$4)",
                    id(),
                    member,
                    format!("[[\"words\",\"{name}\"]]"),
                    when
                );
                put!(
                    "insert into audit (seq, made_at, actor_id, verb, object_kind, object_id, detail, before_hash, hash) \
                     select coalesce(max(seq), 0) + 1, $1, $2, 'make-group', 'group', $3, $4, zeroblob(32), zeroblob(32) from audit",
                    when,
                    worker,
                    id().to_string(),
                    &name
                );
            }
        }
        tx.commit().await.expect("committed");
    }
}
