-- The first layout of the database. Times are microseconds since 1970 (UTC). Ids are UUIDs.
-- Read it as a tour: house, people, groups, workspaces, designs, comments, decisions, actions.

-- ---------------------------------------------------------------------------------- the house
create table settings (
    name text not null primary key,
    value text not null
);

-- Staff acts, append-only. Each row's hash covers the row before it, so that a change shows.
create table audit (
    seq bigint not null primary key,
    made_at bigint not null,
    actor_id uuid,               -- null: the system (the command line)
    verb text not null,
    object_kind text not null,
    object_id text not null,
    detail text not null,      -- names of fields and states only, never anybody's words
    before_hash bytea not null,
    hash bytea not null
);

-- Counts per minute under a keyed hash: rate limits, failed sign-ins, refusals. Shared by all instances.
create table tallies (
    kind text not null,
    key_hash bytea not null,
    minute bigint not null,
    times bigint not null,
    primary key (kind, key_hash, minute)
);

-- What a form carries, so that sending it twice is the same as once.
create table form_marks (
    form_id uuid not null primary key,
    made_id uuid,
    made_at bigint not null
);
create index form_marks_made_at on form_marks (made_at);

-- Files, content-addressed, in chunks.
create table files (
    hash bytea not null primary key,
    media_type text not null,
    size bigint not null,
    made_at bigint not null
);
create table file_chunks (
    hash bytea not null references files (hash) on delete cascade,
    n bigint not null,
    bytes bytea not null,
    primary key (hash, n)
);

-- ---------------------------------------------------------------------------------- people
create table people (
    id uuid not null primary key,
    name text not null,
    role text not null,
    sign_in_name text,
    sign_in_key text,
    password text,             -- Argon2id, PHC string
    must_change boolean not null,
    team text not null,
    active boolean not null,
    made_at bigint not null,
    seen_at bigint,
    deleted_at bigint,
    constraint people_sign_in_key unique (sign_in_key)
);

create table cards (
    id uuid not null primary key,
    person_id uuid not null references people (id),
    code_hash bytea not null,
    pictures_hash bytea not null,
    tries bigint not null,
    made_at bigint not null,
    made_by uuid,
    first_used_at bigint,
    ended_at bigint,
    constraint cards_code_hash unique (code_hash)
);
create index cards_person on cards (person_id);

create table sessions (
    id uuid not null primary key,
    secret_hash bytea not null,
    person_id uuid not null references people (id),
    made_at bigint not null,
    seen_at bigint not null,
    idle bigint not null,         -- microseconds without a request before it ends
    ends_at bigint not null,      -- the end that no request moves
    shared boolean not null,      -- on a device that others use too
    way text not null,         -- card or password
    constraint sessions_secret_hash unique (secret_hash)
);
create index sessions_person on sessions (person_id);

-- A form that met an ended session, kept until its owner has signed in again. Never a ballot, never a concern.
create table kept_forms (
    id uuid not null primary key,
    person_id uuid not null references people (id),
    path text not null,
    fields text not null,      -- JSON: pairs of name and value
    kept_at bigint not null
);
create index kept_forms_person on kept_forms (person_id);

-- ---------------------------------------------------------------------------------- groups
create table groups (
    id uuid not null primary key,
    slug text not null,
    name text not null,
    purpose text not null,
    kind text not null,
    visibility text not null,
    colour text not null,
    symbol text not null,
    checking text not null,
    threshold bigint not null,
    made_at bigint not null,
    constraint groups_slug unique (slug)
);

create table memberships (
    group_id uuid not null references groups (id),
    person_id uuid not null references people (id),
    role text not null,
    joined_at bigint not null,
    primary key (group_id, person_id)
);
create index memberships_person on memberships (person_id);

-- ---------------------------------------------------------------------------------- workspaces
create table workspaces (
    id uuid not null primary key,
    slug text not null,
    title text not null,
    summary text not null,
    template text not null,
    symbol text not null,
    made_at bigint not null,
    made_by uuid not null references people (id),
    constraint workspaces_slug unique (slug)
);

create table workspace_groups (
    workspace_id uuid not null references workspaces (id),
    group_id uuid not null references groups (id),
    primary key (workspace_id, group_id)
);
create index workspace_groups_group on workspace_groups (group_id);

create table promises (
    workspace_id uuid not null primary key references workspaces (id),
    what_for text not null,
    can_change text not null,
    cannot_change text not null,
    who_decides text not null,
    money text not null,
    hear_when text not null,
    shown_at bigint not null,     -- the seven days until the lead may agree count from here
    agreed_at bigint,
    agreed_how text            -- half or lead
);

create table promise_agreements (
    workspace_id uuid not null references workspaces (id),
    person_id uuid not null references people (id),
    primary key (workspace_id, person_id)
);

-- ---------------------------------------------------------------------------------- designs
create table designs (
    id uuid not null primary key,
    workspace_id uuid not null references workspaces (id),
    title text not null,
    symbol text not null,
    stage text not null,
    stage_at bigint not null,
    made_at bigint not null,
    made_by uuid not null references people (id),
    text_seq bigint not null      -- the last number in text_updates
);
create index designs_workspace on designs (workspace_id);

create table stage_moves (
    design_id uuid not null references designs (id),
    n bigint not null,
    from_stage text not null,
    to_stage text not null,
    reason text not null,
    moved_at bigint not null,
    moved_by uuid not null references people (id),
    primary key (design_id, n)
);

-- Pages read these plain rows; they never decode the shared text.
create table sections (
    id uuid not null primary key,
    design_id uuid not null references designs (id),
    position bigint not null,
    heading text not null,
    words text not null,
    html text not null,        -- drawn once from the words, sanitised
    words_at bigint not null,
    words_by uuid references people (id),
    not_needed boolean not null,
    removed_at bigint
);
create index sections_design on sections (design_id, position);

-- The shared text of a design: updates only ever added, a snapshot folded in now and then.
create table text_updates (
    design_id uuid not null references designs (id),
    seq bigint not null,
    bytes bytea not null,
    made_at bigint not null,
    made_by uuid,
    primary key (design_id, seq)
);

create table text_snapshots (
    design_id uuid not null references designs (id),
    seq bigint not null,
    bytes bytea not null,
    made_at bigint not null,
    primary key (design_id, seq)
);

create table versions (
    id uuid not null primary key,
    design_id uuid not null references designs (id),
    number bigint not null,
    name text not null,
    made_at bigint not null,
    made_by uuid not null references people (id),
    constraint versions_number unique (design_id, number)
);

create table version_sections (
    version_id uuid not null references versions (id),
    section_id uuid not null references sections (id),
    position bigint not null,
    heading text not null,
    words text not null,
    html text not null,
    primary key (version_id, section_id)
);

-- ---------------------------------------------------------------------------------- comments
create table comments (
    id uuid not null primary key,
    design_id uuid not null references designs (id),
    section_id uuid not null references sections (id),
    parent_id uuid references comments (id),
    author_id uuid references people (id),
    author_label text not null,   -- for imported statements, whose authors have no account here
    kind text not null,
    words text not null,
    state text not null,
    reason text not null,         -- why it was taken away, for its author
    made_at bigint not null,
    shown_at bigint,               -- since when everybody may read it: what open pages hear of
    edited_at bigint,
    checked_at bigint,             -- when somebody checked these very words; an edit makes it null again
    checked_by uuid references people (id)
);
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
    comment_id uuid not null references comments (id),
    voter text not null,
    stance text not null,
    primary key (comment_id, voter)
);

-- ---------------------------------------------------------------------------------- decisions
create table decisions (
    id uuid not null primary key,
    workspace_id uuid not null references workspaces (id),
    design_id uuid references designs (id),
    version_id uuid references versions (id),
    question text not null,
    explanation text not null,
    form text not null,
    pass_rule text not null,
    quorum bigint not null,          -- whole percent of the roll
    opens_at bigint not null,
    closes_at bigint not null,
    made_at bigint not null,
    made_by uuid not null references people (id),
    void_asked_at bigint,
    void_asked_by uuid references people (id),
    void_reason text not null,
    voided_at bigint,
    voided_by uuid references people (id)
);
create index decisions_workspace on decisions (workspace_id);
create index decisions_design on decisions (design_id);
create index decisions_closes on decisions (closes_at);

-- Who may decide: a snapshot taken when the decision opens.
create table roll (
    decision_id uuid not null references decisions (id),
    person_id uuid not null references people (id),
    primary key (decision_id, person_id)
);
create index roll_person on roll (person_id);

-- A show of hands is not secret: members see each hand and reason by name.
create table hands (
    decision_id uuid not null references decisions (id),
    person_id uuid not null references people (id),
    hand text not null,
    reason text not null,
    reason_state text not null,   -- published or held, like a comment
    reason_why text not null default '',  -- why it was taken away, for its author
    reason_checked_at bigint,     -- when somebody checked these very words
    raised_at bigint not null,
    primary key (decision_id, person_id)
);

-- ---------------------------------------------------------------------------------- actions
create table outcomes (
    id uuid not null primary key,
    design_id uuid not null references designs (id),
    decision_id uuid references decisions (id),
    words text not null,
    why text not null,
    next text not null,
    differs boolean not null,        -- what was decided is not what the vote said
    differs_why text not null,      -- then: why
    made_at bigint not null,
    made_by uuid not null references people (id)
);
create index outcomes_design on outcomes (design_id, made_at);

create table actions (
    id uuid not null primary key,
    workspace_id uuid not null references workspaces (id),
    design_id uuid references designs (id),
    outcome_id uuid references outcomes (id),
    title text not null,
    you_said text not null,
    we_will text not null,
    owner_role text not null,
    owner_id uuid references people (id),
    team text not null,
    due_at bigint not null,
    status text not null,
    reason text not null,
    shown boolean not null,          -- on the public list
    made_at bigint not null,
    made_by uuid not null references people (id),
    changed_at bigint not null,
    ended_at bigint
);
create index actions_workspace on actions (workspace_id);
create index actions_design on actions (design_id);
create index actions_shown on actions (shown, changed_at);

create table action_updates (
    id uuid not null primary key,
    action_id uuid not null references actions (id),
    status text not null,
    words text not null,
    reason text not null,
    made_at bigint not null,
    made_by uuid not null references people (id)
);
create index action_updates_action on action_updates (action_id, made_at);

create table did_it_work (
    action_id uuid not null references actions (id),
    person_id uuid not null references people (id),
    answer text not null,
    why text not null,
    said_at bigint not null,
    primary key (action_id, person_id)
);
