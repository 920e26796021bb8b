-- Pictures in the words of a design. The words name them; their bytes are files, one for each width.
create table pictures (
    name text not null primary key,       -- eight letters, as it stands in words
    design_id uuid not null references designs (id),
    made_at bigint not null,
    made_by uuid not null references people (id),
    looked_at bigint                          -- since when everybody sees it, where a group checks everything first
);
create index pictures_design on pictures (design_id, made_at);
create index pictures_made_by on pictures (made_by);
create table picture_widths (
    picture text not null references pictures (name) on delete cascade,
    width bigint not null,                 -- in pixels, as it is asked for; the picture may be narrower
    across bigint not null,                -- in pixels, as it is
    down bigint not null,
    kind text not null,                   -- jpeg, png
    file bytea not null,                   -- the SHA-256 of its bytes
    primary key (picture, width)
);
create index picture_widths_file on picture_widths (file);
