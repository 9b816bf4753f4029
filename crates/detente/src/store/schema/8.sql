-- Version 8: an article that is read anew is linked by itself. Derived.

-- What words shared by two tellings weigh, where it is less than 1: as the last pass over all articles found it.
CREATE TABLE set_words (
  word   INTEGER PRIMARY KEY,
  weight REAL NOT NULL
) STRICT;

-- Events of articles told for a stretch of days: they are counted under another day than theirs.
CREATE INDEX events_stretch ON events (date_first) WHERE article IS NOT NULL AND date_first IS NOT date_last;
