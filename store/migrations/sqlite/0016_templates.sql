-- Ways to start a design that staff made. Who started one from it has its own headings from then on.
create table templates (
    id blob not null primary key,
    name text not null,
    headings text not null,           -- one in each line
    made_at integer not null,
    made_by blob not null references people (id),
    changed_at integer not null,
    removed_at integer                     -- nobody can choose it since then
) strict;
create index templates_made_by on templates (made_by);
