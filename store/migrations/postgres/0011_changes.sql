-- What people saved in a design, change by change. Pages read from here who changed what and how much, and what was there
-- before, without decoding the shared text. `gone` is what stood in the stretch from character `place` on before `came`
-- characters took its place; for a heading or the order it is what it was before. Words that are written in one go, by one
-- person or by several, are one row for each of them: the last one tells what all of them did (a stretch), the others only how
-- much. What has been read, or what is in a version, is never touched again.
create table changes (
    design_id uuid not null references designs (id),
    n bigint not null,             -- within the design, rising
    section_id uuid not null references sections (id),
    change_kind text not null,
    made_at bigint not null,
    made_by uuid references people (id),      -- whose words they are
    by_role text not null,         -- as it was then
    suggestion_id uuid references suggestions (id),      -- because of this suggestion
    decided_by uuid references people (id),      -- who accepted it
    added bigint not null,         -- letters and figures that came
    removed bigint not null,       -- and that went
    place bigint not null,
    came bigint not null,
    gone text not null,
    primary key (design_id, n)
);
create index changes_section on changes (section_id, made_at);
create index changes_made_by on changes (made_by);
create index changes_decided_by on changes (decided_by) where decided_by is not null;

-- Why a version was made, and the last change that is in it.
alter table versions add column why text not null default '';
alter table versions add column change_n bigint not null default 0;
create index versions_change on versions (design_id, change_n);

-- When somebody last read a design, and how far it was then: for "what changed since I was last here". Nobody else sees it.
create table design_reads (
    person_id uuid not null references people (id),
    design_id uuid not null references designs (id),
    read_at bigint not null,
    change_n bigint not null,
    before_at bigint not null,     -- the same of the visit before this one
    before_n bigint not null,
    primary key (person_id, design_id)
);
create index design_reads_change on design_reads (design_id, change_n);
