-- The link of a card (its QR code) carries a secret of its own: the keyed hash of it, gone when the card ends. Cards from
-- before have none: their links lead to the sign-in page, which asks for the pictures.
alter table cards add column link_hash blob;
create unique index cards_link_hash on cards (link_hash);
