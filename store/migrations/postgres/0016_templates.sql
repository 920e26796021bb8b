-- Ways to start a design that staff made. Who started one from it has its own headings from then on.
create table templates (
    id uuid not null primary key,
    name text not null,
    headings text not null,           -- one in each line
    made_at bigint not null,
    made_by uuid not null references people (id),
    changed_at bigint not null,
    removed_at bigint                     -- nobody can choose it since then
);
create index templates_made_by on templates (made_by);
