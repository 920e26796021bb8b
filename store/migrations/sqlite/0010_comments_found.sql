-- Comments are asked for by design nearly always. An index over every comment's state looked better than it is to an engine
-- that does not count its rows: nearly all are published, so each page of one design read all comments of the house. It keeps
-- only those that wait; and only an answer has a comment that it answers.
drop index comments_held;
create index comments_held on comments (design_id, made_at) where state = 'held';
drop index comments_parent;
create index comments_parent on comments (parent_id) where parent_id is not null;
