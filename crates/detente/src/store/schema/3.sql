-- Version 3: stories, the copies and rewrites of one text. Derived.
CREATE TABLE stories (
  article INTEGER PRIMARY KEY REFERENCES articles (n) ON DELETE CASCADE,
  story   TEXT NOT NULL              -- 't:' and the id of the article that told it first
) STRICT;
CREATE INDEX stories_story ON stories (story);
