-- Somebody says that something is wrong with the words of a section. Whoever checks words there reads it and answers; the one who
-- said it hears the answer, and nobody else learns that they did.
create table reports (
    id uuid not null primary key,
    design_id uuid not null references designs (id),
    section_id uuid not null references sections (id),
    why text not null,                -- private, unkind, worry, other
    words text not null,              -- more about it, or nothing
    made_at bigint not null,
    made_by uuid not null references people (id),
    outcome text,                     -- null while it waits
    reason text not null,             -- what the one who said it is told
    answered_at bigint,
    answered_by uuid references people (id)
);
create index reports_design on reports (design_id);
create index reports_open on reports (design_id, made_at) where answered_at is null;
create index reports_made_by on reports (made_by, answered_at);
create index reports_section on reports (section_id);
create index reports_answered_by on reports (answered_by) where answered_by is not null;
