-- What somebody wrote, by design: home asks for answers to it and for outcomes of what they took part in. Everything that is
-- asked is in the index, so that a comment is not read for it, however many somebody wrote.
create index comments_mine on comments (author_id, design_id, parent_id, id) where author_id is not null;
-- The newest words of a design.
create index sections_lately on sections (design_id, words_at);
