-- News on somebody's home page from before this moment goes: they said that they have seen it.
alter table people add column news_seen_at integer;
