-- Words that are shown at once and looked at afterwards: since when everybody may read them, and when somebody checked
-- these very words (comments.checked_at and hands.reason_checked_at; an edit makes it null again).
alter table comments add column shown_at bigint;
update comments set shown_at = coalesce(checked_at, made_at) where state = 'published';
alter table hands add column reason_checked_at bigint;
-- What was shown at once and waits to be looked at.
create index comments_unchecked on comments (design_id, made_at)
    where state = 'published' and checked_at is null and author_id is not null;
