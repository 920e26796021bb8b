-- Who decides about suggestions in a workspace: lead, officer, or two people of whom one is young.
alter table workspaces add column suggestion_deciders text not null default 'lead';

-- Exact words somebody proposes for a section, with why.
create table suggestions (
    id uuid not null primary key,
    design_id uuid not null references designs (id),
    section_id uuid not null references sections (id),
    author_id uuid not null references people (id),
    kind text not null,
    picked text not null,             -- the exact words it is about; empty: the whole section
    nth bigint not null,             -- which time they stood there, and of how many
    of_all bigint not null,
    base_words text not null,         -- what the section said then
    words text not null,              -- what it should say there
    why text not null,
    state text not null,
    state_at bigint not null,
    reason text not null,             -- why it was taken away by somebody who checks, for its author
    final_words text not null,        -- the words that were accepted
    made_at bigint not null,
    edited_at bigint,
    shown_at bigint,                 -- since when everybody may read it
    checked_at bigint,
    checked_by uuid references people (id),
    joined_id uuid,                   -- what it says is in the words of this one, which may be younger
    comment_id uuid references comments (id)     -- the idea that it became
);
create index suggestions_design on suggestions (design_id, made_at);
create index suggestions_section on suggestions (section_id, state);
create index suggestions_author on suggestions (author_id, state_at);
-- Nearly all were answered: an index over every state would look better than it is. These hold those that wait.
create index suggestions_waiting on suggestions (design_id, state_at) where state = 'pending';
create index suggestions_held on suggestions (design_id, made_at) where state = 'held';
create unique index suggestions_comment on suggestions (comment_id);

-- What those who decide say. Where two decide, the first answer waits here for the second.
create table suggestion_answers (
    suggestion_id uuid not null references suggestions (id),
    person_id uuid not null references people (id),
    answer text not null,
    words text not null,              -- the words it is to be accepted with
    others text not null,             -- what becomes of others about the same words
    other_ids text not null,
    reason text not null,
    reason_state text not null,       -- published or held, like a comment
    reason_why text not null,         -- why it was taken away, for who wrote it
    reason_checked_at bigint,
    answered_at bigint not null,
    primary key (suggestion_id, person_id)
);

-- Who wants what somebody else suggests.
create table suggestion_supports (
    suggestion_id uuid not null references suggestions (id),
    person_id uuid not null references people (id),
    primary key (suggestion_id, person_id)
);
create index suggestion_supports_person on suggestion_supports (person_id);
