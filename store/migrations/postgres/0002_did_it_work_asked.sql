-- When those who asked for it were asked whether it worked. A design is done only after that.
alter table actions add column asked_at bigint;
-- What was done before stood on their home page from then on: they have been asked.
update actions set asked_at = coalesce(ended_at, changed_at) where status = 'done';
