-- Version 7: forecast models that were trained on the store's events. Derived.
CREATE TABLE models (
  n        INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL,                            -- what it answers: onset, next, flow
  question TEXT NOT NULL,                            -- what was asked of it, '' where there is but one
  coder    INTEGER NOT NULL REFERENCES coders (n),
  trained  TEXT NOT NULL,                            -- the last day it knows of
  events   INTEGER NOT NULL,                         -- events of the 60 days up to it, to see when some came later
  past     TEXT NOT NULL,                            -- how it did before, as JSON
  body     TEXT NOT NULL,                            -- name with version, then its numbers
  UNIQUE (kind, question, coder)
) STRICT;
