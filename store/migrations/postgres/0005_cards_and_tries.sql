-- The link of a card (its QR code) carries a secret of its own: the keyed hash of it, gone when the card ends. Cards from
-- before have none: their links lead to the sign-in page, which asks for the pictures.
alter table cards add column link_hash bytea;
create unique index cards_link_hash on cards (link_hash);

-- Tries that are counted before they are judged: how many in a row, when the last one came, and from when the next may
-- come. The keys are keyed hashes of a place, of a name, or of both.
create table tries (
    kind text not null,
    key_hash bytea not null,
    times bigint not null,
    last_at bigint not null,
    free_at bigint not null,
    primary key (kind, key_hash)
);
create index tries_last_at on tries (last_at);

-- That somebody signed in with a name from a place, as a keyed hash of both: who attacks the name from elsewhere does not
-- shut it out here.
create table signed_in_from (
    key_hash bytea not null primary key,
    last_at bigint not null
);
