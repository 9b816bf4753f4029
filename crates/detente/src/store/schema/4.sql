-- Version 4. The record of forecasts: ground. What became of them is worked out from later events whenever it is asked for.
CREATE TABLE ledger (
  n           INTEGER PRIMARY KEY,
  asked       TEXT NOT NULL CHECK (asked IS date(asked)), -- the last day whose events were used
  due         TEXT NOT NULL CHECK (due IS date(due)),     -- the last day that counts
  a           TEXT NOT NULL,
  b           TEXT NOT NULL,
  deed        TEXT NOT NULL CHECK (deed IN ('force', 'material')),
  at_least    INTEGER NOT NULL,
  coder       INTEGER NOT NULL REFERENCES coders (n),
  model       TEXT NOT NULL,
  quiet       INTEGER NOT NULL,
  probability REAL NOT NULL,
  base        REAL NOT NULL,
  rule        TEXT NOT NULL,          -- how it resolves, in words
  recorded    TEXT NOT NULL,
  UNIQUE (asked, due, a, b, deed, at_least, coder, model)
) STRICT;
