-- What everybody reads of a section until a worker has looked, where a group checks everything first: null where nothing in it
-- is hidden. Checked words are those that were written at `words_checked_at`; whatever is written later is not checked.
alter table sections add column masked_html text;
alter table sections add column words_checked_at integer;
-- The same of a version; null where nothing in it is hidden or a worker had looked.
alter table version_sections add column masked_html text;
-- Words are written here again after a worker says so.
alter table designs add column paused_at integer;
create index sections_masked on sections (design_id, words_at) where masked_html is not null;
