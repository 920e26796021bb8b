-- The first layout of the database. Times are microseconds since 1970 (UTC). Ids are UUIDs.
-- Read it as a tour: house, people, groups, workspaces, designs, comments, decisions, actions.

-- ---------------------------------------------------------------------------------- the house
create table settings (
    name text not null primary key,
    value text not null
) strict;

-- Staff acts, append-only. Each row's hash covers the row before it, so that a change shows.
create table audit (
    seq integer not null primary key,
    made_at integer not null,
    actor_id blob,               -- null: the system (the command line)
    verb text not null,
    object_kind text not null,
    object_id text not null,
    detail text not null,      -- names of fields and states only, never anybody's words
    before_hash blob not null,
    hash blob not null
) strict;

-- Counts per minute under a keyed hash: rate limits, failed sign-ins, refusals. Shared by all instances.
create table tallies (
    kind text not null,
    key_hash blob not null,
    minute integer not null,
    times integer not null,
    primary key (kind, key_hash, minute)
) strict;

-- What a form carries, so that sending it twice is the same as once.
create table form_marks (
    form_id blob not null primary key,
    made_id blob,
    made_at integer not null
) strict;
create index form_marks_made_at on form_marks (made_at);

-- Files, content-addressed, in chunks.
create table files (
    hash blob not null primary key,
    media_type text not null,
    size integer not null,
    made_at integer not null
) strict;
create table file_chunks (
    hash blob not null references files (hash) on delete cascade,
    n integer not null,
    bytes blob not null,
    primary key (hash, n)
) strict;

-- ---------------------------------------------------------------------------------- people
create table people (
    id blob not null primary key,
    name text not null,
    role text not null,
    sign_in_name text,
    sign_in_key text,
    password text,             -- Argon2id, PHC string
    must_change integer not null,
    team text not null,
    active integer not null,
    made_at integer not null,
    seen_at integer,
    deleted_at integer,
    constraint people_sign_in_key unique (sign_in_key)
) strict;

create table cards (
    id blob not null primary key,
    person_id blob not null references people (id),
    code_hash blob not null,
    pictures_hash blob not null,
    tries integer not null,
    made_at integer not null,
    made_by blob,
    first_used_at integer,
    ended_at integer,
    constraint cards_code_hash unique (code_hash)
) strict;
create index cards_person on cards (person_id);

create table sessions (
    id blob not null primary key,
    secret_hash blob not null,
    person_id blob not null references people (id),
    made_at integer not null,
    seen_at integer not null,
    idle integer not null,         -- microseconds without a request before it ends
    ends_at integer not null,      -- the end that no request moves
    shared integer not null,      -- on a device that others use too
    way text not null,         -- card or password
    constraint sessions_secret_hash unique (secret_hash)
) strict;
create index sessions_person on sessions (person_id);

-- A form that met an ended session, kept until its owner has signed in again. Never a ballot, never a concern.
create table kept_forms (
    id blob not null primary key,
    person_id blob not null references people (id),
    path text not null,
    fields text not null,      -- JSON: pairs of name and value
    kept_at integer not null
) strict;
create index kept_forms_person on kept_forms (person_id);

-- ---------------------------------------------------------------------------------- groups
create table groups (
    id blob not null primary key,
    slug text not null,
    name text not null,
    purpose text not null,
    kind text not null,
    visibility text not null,
    colour text not null,
    symbol text not null,
    checking text not null,
    threshold integer not null,
    made_at integer not null,
    constraint groups_slug unique (slug)
) strict;

create table memberships (
    group_id blob not null references groups (id),
    person_id blob not null references people (id),
    role text not null,
    joined_at integer not null,
    primary key (group_id, person_id)
) strict;
create index memberships_person on memberships (person_id);

-- ---------------------------------------------------------------------------------- workspaces
create table workspaces (
    id blob not null primary key,
    slug text not null,
    title text not null,
    summary text not null,
    template text not null,
    symbol text not null,
    made_at integer not null,
    made_by blob not null references people (id),
    constraint workspaces_slug unique (slug)
) strict;

create table workspace_groups (
    workspace_id blob not null references workspaces (id),
    group_id blob not null references groups (id),
    primary key (workspace_id, group_id)
) strict;
create index workspace_groups_group on workspace_groups (group_id);

create table promises (
    workspace_id blob not null primary key references workspaces (id),
    what_for text not null,
    can_change text not null,
    cannot_change text not null,
    who_decides text not null,
    money text not null,
    hear_when text not null,
    shown_at integer not null,     -- the seven days until the lead may agree count from here
    agreed_at integer,
    agreed_how text            -- half or lead
) strict;

create table promise_agreements (
    workspace_id blob not null references workspaces (id),
    person_id blob not null references people (id),
    primary key (workspace_id, person_id)
) strict;

-- ---------------------------------------------------------------------------------- designs
create table designs (
    id blob not null primary key,
    workspace_id blob not null references workspaces (id),
    title text not null,
    symbol text not null,
    stage text not null,
    stage_at integer not null,
    made_at integer not null,
    made_by blob not null references people (id),
    text_seq integer not null      -- the last number in text_updates
) strict;
create index designs_workspace on designs (workspace_id);

create table stage_moves (
    design_id blob not null references designs (id),
    n integer not null,
    from_stage text not null,
    to_stage text not null,
    reason text not null,
    moved_at integer not null,
    moved_by blob not null references people (id),
    primary key (design_id, n)
) strict;

-- Pages read these plain rows; they never decode the shared text.
create table sections (
    id blob not null primary key,
    design_id blob not null references designs (id),
    position integer not null,
    heading text not null,
    words text not null,
    html text not null,        -- drawn once from the words, sanitised
    words_at integer not null,
    words_by blob references people (id),
    not_needed integer not null,
    removed_at integer
) strict;
create index sections_design on sections (design_id, position);

-- The shared text of a design: updates only ever added, a snapshot folded in now and then.
create table text_updates (
    design_id blob not null references designs (id),
    seq integer not null,
    bytes blob not null,
    made_at integer not null,
    made_by blob,
    primary key (design_id, seq)
) strict;

create table text_snapshots (
    design_id blob not null references designs (id),
    seq integer not null,
    bytes blob not null,
    made_at integer not null,
    primary key (design_id, seq)
) strict;

create table versions (
    id blob not null primary key,
    design_id blob not null references designs (id),
    number integer not null,
    name text not null,
    made_at integer not null,
    made_by blob not null references people (id),
    constraint versions_number unique (design_id, number)
) strict;

create table version_sections (
    version_id blob not null references versions (id),
    section_id blob not null references sections (id),
    position integer not null,
    heading text not null,
    words text not null,
    html text not null,
    primary key (version_id, section_id)
) strict;

-- ---------------------------------------------------------------------------------- comments
create table comments (
    id blob not null primary key,
    design_id blob not null references designs (id),
    section_id blob not null references sections (id),
    parent_id blob references comments (id),
    author_id blob references people (id),
    author_label text not null,   -- for imported statements, whose authors have no account here
    kind text not null,
    words text not null,
    state text not null,
    reason text not null,         -- why it was taken away, for its author
    made_at integer not null,
    shown_at integer,               -- since when everybody may read it: what open pages hear of
    edited_at integer,
    checked_at integer,             -- when somebody checked these very words; an edit makes it null again
    checked_by blob references people (id)
) strict;
create index comments_design on comments (design_id, made_at);
create index comments_section on comments (section_id, made_at);
create index comments_author on comments (author_id, made_at);
create index comments_parent on comments (parent_id);
create index comments_held on comments (state, made_at);
-- What was shown at once and waits to be looked at.
create index comments_unchecked on comments (design_id, made_at)
    where state = 'published' and checked_at is null and author_id is not null;

-- Agree, pass and disagree of an imported conversation; the voter is a label of that import.
create table stances (
    comment_id blob not null references comments (id),
    voter text not null,
    stance text not null,
    primary key (comment_id, voter)
) strict;

-- ---------------------------------------------------------------------------------- decisions
create table decisions (
    id blob not null primary key,
    workspace_id blob not null references workspaces (id),
    design_id blob references designs (id),
    version_id blob references versions (id),
    question text not null,
    explanation text not null,
    form text not null,
    pass_rule text not null,
    quorum integer not null,          -- whole percent of the roll
    opens_at integer not null,
    closes_at integer not null,
    made_at integer not null,
    made_by blob not null references people (id),
    void_asked_at integer,
    void_asked_by blob references people (id),
    void_reason text not null,
    voided_at integer,
    voided_by blob references people (id)
) strict;
create index decisions_workspace on decisions (workspace_id);
create index decisions_design on decisions (design_id);
create index decisions_closes on decisions (closes_at);

-- Who may decide: a snapshot taken when the decision opens.
create table roll (
    decision_id blob not null references decisions (id),
    person_id blob not null references people (id),
    primary key (decision_id, person_id)
) strict;
create index roll_person on roll (person_id);

-- A show of hands is not secret: members see each hand and reason by name.
create table hands (
    decision_id blob not null references decisions (id),
    person_id blob not null references people (id),
    hand text not null,
    reason text not null,
    reason_state text not null,   -- published or held, like a comment
    reason_why text not null default '',  -- why it was taken away, for its author
    reason_checked_at integer,     -- when somebody checked these very words
    raised_at integer not null,
    primary key (decision_id, person_id)
) strict;

-- ---------------------------------------------------------------------------------- actions
create table outcomes (
    id blob not null primary key,
    design_id blob not null references designs (id),
    decision_id blob references decisions (id),
    words text not null,
    why text not null,
    next text not null,
    differs integer not null,        -- what was decided is not what the vote said
    differs_why text not null,      -- then: why
    made_at integer not null,
    made_by blob not null references people (id)
) strict;
create index outcomes_design on outcomes (design_id, made_at);

create table actions (
    id blob not null primary key,
    workspace_id blob not null references workspaces (id),
    design_id blob references designs (id),
    outcome_id blob references outcomes (id),
    title text not null,
    you_said text not null,
    we_will text not null,
    owner_role text not null,
    owner_id blob references people (id),
    team text not null,
    due_at integer not null,
    status text not null,
    reason text not null,
    shown integer not null,          -- on the public list
    made_at integer not null,
    made_by blob not null references people (id),
    changed_at integer not null,
    ended_at integer
) strict;
create index actions_workspace on actions (workspace_id);
create index actions_design on actions (design_id);
create index actions_shown on actions (shown, changed_at);

create table action_updates (
    id blob not null primary key,
    action_id blob not null references actions (id),
    status text not null,
    words text not null,
    reason text not null,
    made_at integer not null,
    made_by blob not null references people (id)
) strict;
create index action_updates_action on action_updates (action_id, made_at);

create table did_it_work (
    action_id blob not null references actions (id),
    person_id blob not null references people (id),
    answer text not null,
    why text not null,
    said_at integer not null,
    primary key (action_id, person_id)
) strict;
