-- Version 2: series by root, by actor and by what was read; states of deliveries and red lines.

-- DERIVED -------------------------------------------------------------------------------------

-- `dyad_series` takes its place: it has the roots too.
DROP TABLE dyad_quads;

-- A row for each pair, mode and day: what series, bands and alarms are made of. Roots are CAMEO's;
-- PLOVER events of coders without CAMEO codes are counted under the root they come from.
CREATE TABLE dyad_series (
  source    TEXT NOT NULL,
  target    TEXT NOT NULL,
  coder     INTEGER NOT NULL REFERENCES coders (n),
  mode      TEXT NOT NULL,
  day       TEXT NOT NULL,
  events    INTEGER NOT NULL,
  verbal_cooperation   INTEGER NOT NULL,
  material_cooperation INTEGER NOT NULL,
  verbal_conflict      INTEGER NOT NULL,
  material_conflict    INTEGER NOT NULL,
  r01 INTEGER NOT NULL, r02 INTEGER NOT NULL, r03 INTEGER NOT NULL, r04 INTEGER NOT NULL, r05 INTEGER NOT NULL,
  r06 INTEGER NOT NULL, r07 INTEGER NOT NULL, r08 INTEGER NOT NULL, r09 INTEGER NOT NULL, r10 INTEGER NOT NULL,
  r11 INTEGER NOT NULL, r12 INTEGER NOT NULL, r13 INTEGER NOT NULL, r14 INTEGER NOT NULL, r15 INTEGER NOT NULL,
  r16 INTEGER NOT NULL, r17 INTEGER NOT NULL, r18 INTEGER NOT NULL, r19 INTEGER NOT NULL, r20 INTEGER NOT NULL,
  goldstein REAL NOT NULL,           -- sums of Goldstein values: of all,
  hostile   REAL NOT NULL,           -- of hostile deeds and words short of force (09-17),
  friendly  REAL NOT NULL,           -- of cooperation (01-08)
  PRIMARY KEY (source, target, coder, mode, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX dyad_series_empty ON dyad_series (events) WHERE events = 0;

-- The same for one actor: what it does to others, what is done to it, what it does to itself.
CREATE TABLE actor_series (
  actor     TEXT NOT NULL,
  role      TEXT NOT NULL,           -- source, target, within
  coder     INTEGER NOT NULL REFERENCES coders (n),
  mode      TEXT NOT NULL,
  day       TEXT NOT NULL,
  events    INTEGER NOT NULL,
  verbal_cooperation   INTEGER NOT NULL,
  material_cooperation INTEGER NOT NULL,
  verbal_conflict      INTEGER NOT NULL,
  material_conflict    INTEGER NOT NULL,
  r01 INTEGER NOT NULL, r02 INTEGER NOT NULL, r03 INTEGER NOT NULL, r04 INTEGER NOT NULL, r05 INTEGER NOT NULL,
  r06 INTEGER NOT NULL, r07 INTEGER NOT NULL, r08 INTEGER NOT NULL, r09 INTEGER NOT NULL, r10 INTEGER NOT NULL,
  r11 INTEGER NOT NULL, r12 INTEGER NOT NULL, r13 INTEGER NOT NULL, r14 INTEGER NOT NULL, r15 INTEGER NOT NULL,
  r16 INTEGER NOT NULL, r17 INTEGER NOT NULL, r18 INTEGER NOT NULL, r19 INTEGER NOT NULL, r20 INTEGER NOT NULL,
  goldstein REAL NOT NULL,           -- sums of Goldstein values: of all,
  hostile   REAL NOT NULL,           -- of hostile deeds and words short of force (09-17),
  friendly  REAL NOT NULL,           -- of cooperation (01-08)
  PRIMARY KEY (actor, role, coder, mode, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX actor_series_empty ON actor_series (events) WHERE events = 0;

-- What was read: events of a coder on a day, over all pairs.
CREATE TABLE read_days (
  coder     INTEGER NOT NULL REFERENCES coders (n),
  day       TEXT NOT NULL,
  events    INTEGER NOT NULL,
  PRIMARY KEY (coder, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX read_days_empty ON read_days (events) WHERE events = 0;

-- Articles by the day they were published.
CREATE TABLE article_days (
  day       TEXT PRIMARY KEY,
  articles  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO article_days SELECT published, count(*) FROM articles WHERE published IS NOT NULL GROUP BY published;
CREATE TRIGGER article_days_in AFTER INSERT ON articles WHEN new.published IS NOT NULL BEGIN
  INSERT INTO article_days VALUES (new.published, 1) ON CONFLICT DO UPDATE SET articles = articles + 1;
END;
CREATE TRIGGER article_days_out AFTER DELETE ON articles WHEN old.published IS NOT NULL BEGIN
  UPDATE article_days SET articles = articles - 1 WHERE day = old.published;
  DELETE FROM article_days WHERE day = old.published AND articles = 0;
END;

-- GROUND --------------------------------------------------------------------------------------

-- Which alarm was told by which way; none is told twice.
CREATE TABLE alarm_deliveries (
  alarm TEXT NOT NULL,
  way   TEXT NOT NULL,               -- command, webhook
  at    TEXT NOT NULL,
  PRIMARY KEY (alarm, way)
) STRICT, WITHOUT ROWID;

-- What a person said of a later event: whether it crosses a red line.
CREATE TABLE redline_verdicts (
  line    TEXT NOT NULL,             -- id of the red line
  event   TEXT NOT NULL,             -- id of the event
  verdict TEXT NOT NULL CHECK (verdict IN ('crossed', 'kept', 'open')),
  note    TEXT,
  author  TEXT NOT NULL,
  at      TEXT NOT NULL,
  PRIMARY KEY (line, event, at)
) STRICT, WITHOUT ROWID;
