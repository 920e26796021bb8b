-- A section that somebody has to themselves for a few minutes. After `until_at` the row means nothing, and the next one
-- takes its place: nothing has to be cleaned up for a lock to end.
create table section_locks (
    section_id uuid not null primary key references sections (id),
    locked_by uuid not null references people (id),
    locked_at bigint not null,
    until_at bigint not null
);
