-- Version 1 of the store. Described in docs/store.md. Never edit a released version: add the next.

-- GROUND -------------------------------------------------------------------------------------

-- A file that was read in, and how far.
CREATE TABLE imports (
  n        INTEGER PRIMARY KEY,
  file     TEXT NOT NULL,
  format   TEXT NOT NULL,
  digest   TEXT NOT NULL,           -- SHA-256 of the file's bytes
  coder    INTEGER REFERENCES coders (n),
  lines    INTEGER NOT NULL DEFAULT 0, -- rows seen so far
  taken    INTEGER NOT NULL DEFAULT 0,
  known    INTEGER NOT NULL DEFAULT 0, -- rows the store had already
  rejected INTEGER NOT NULL DEFAULT 0,
  started  TEXT NOT NULL,
  finished TEXT                      -- null while rows are missing
) STRICT;
CREATE INDEX imports_digest ON imports (digest);

-- A row that could not be taken, whole, with the reason.
CREATE TABLE rejects (
  import INTEGER NOT NULL REFERENCES imports (n) ON DELETE CASCADE,
  line   INTEGER NOT NULL,
  reason TEXT NOT NULL,
  text   TEXT NOT NULL,
  PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE articles (
  n         INTEGER PRIMARY KEY,
  id        TEXT NOT NULL UNIQUE,
  outlet    TEXT,
  published TEXT CHECK (published IS date(published)),
  url       TEXT,
  title     TEXT,
  text      TEXT NOT NULL,
  added     TEXT NOT NULL,
  import    INTEGER REFERENCES imports (n)
) STRICT;
CREATE INDEX articles_url ON articles (url) WHERE url IS NOT NULL;
CREATE INDEX articles_day ON articles (published);

-- Articles taken out on request; they are not taken in again.
CREATE TABLE removed (
  id     TEXT PRIMARY KEY,
  url    TEXT,
  reason TEXT NOT NULL,
  at     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a person said of a record. Laid over the reading whenever the article is coded.
CREATE TABLE corrections (
  n       INTEGER PRIMARY KEY,
  article TEXT NOT NULL,             -- articles.id; kept when the article is removed
  record  TEXT NOT NULL,             -- id of the event or statement
  kind    TEXT NOT NULL CHECK (kind IN ('right', 'wrong', 'change')),
  field   TEXT,                      -- for 'change'
  before  TEXT,
  after   TEXT,
  words   TEXT,                      -- evidence of the record, for finding it after the reading changed
  author  TEXT NOT NULL,
  note    TEXT,
  at      TEXT NOT NULL,
  undone  TEXT,                      -- when it was taken back
  CHECK ((kind = 'change') = (field IS NOT NULL))
) STRICT;
CREATE INDEX corrections_article ON corrections (article);

CREATE TABLE feeds (
  n        INTEGER PRIMARY KEY,
  url      TEXT NOT NULL UNIQUE,
  outlet   TEXT,
  etag     TEXT,
  modified TEXT,
  checked  TEXT,
  failure  TEXT
) STRICT;

-- Pages asked for: when, with what answer, and which article came of it.
CREATE TABLE fetches (
  url     TEXT PRIMARY KEY,
  feed    INTEGER REFERENCES feeds (n),
  at      TEXT NOT NULL,
  status  INTEGER,
  tries   INTEGER NOT NULL DEFAULT 1,
  failure TEXT,
  article TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE alarm_states (
  alarm TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('new', 'seen', 'snoozed', 'confirmed', 'false')),
  until TEXT,
  note  TEXT,
  author TEXT NOT NULL,
  at    TEXT NOT NULL,
  PRIMARY KEY (alarm, at)
) STRICT, WITHOUT ROWID;

-- Who coded, in which ontology. Counts of different coders are never added up.
CREATE TABLE coders (
  n        INTEGER PRIMARY KEY,
  coder    TEXT NOT NULL,
  ontology TEXT NOT NULL,
  UNIQUE (coder, ontology)
) STRICT;

-- EVENTS -------------------------------------------------------------------------------------

-- Rows with an import are ground, rows with an article are derived.
CREATE TABLE events (
  n              INTEGER PRIMARY KEY,
  coder          INTEGER NOT NULL REFERENCES coders (n),
  import         INTEGER REFERENCES imports (n),
  line           INTEGER,            -- in the imported file, from 1
  article        INTEGER REFERENCES articles (n) ON DELETE CASCADE,
  id             TEXT,               -- null for imported events, whose id is 'i:' and n
  sentence       INTEGER,
  story_id       TEXT,
  day            TEXT CHECK (day IS date(day)), -- the day it is counted under, see docs/store.md
  source         TEXT,
  source_name    TEXT,
  source_country TEXT,
  source_sector  TEXT,
  source_bare_state INTEGER NOT NULL DEFAULT 0, -- the state was told by its name alone
  target         TEXT,
  target_name    TEXT,
  target_country TEXT,
  target_sector  TEXT,
  target_bare_state INTEGER NOT NULL DEFAULT 0, -- the state was told by its name alone
  cameo          TEXT,
  plover         TEXT,
  plover_mode    TEXT,
  quad           INTEGER,
  goldstein      REAL,
  mode           TEXT NOT NULL,
  date_first     TEXT,
  date_last      TEXT,
  date_text      TEXT,
  date_resolved  INTEGER NOT NULL,
  place_name     TEXT,
  place_country  TEXT,
  geonameid      INTEGER,
  lat            REAL,
  lon            REAL,
  place_precision TEXT,
  count_text     TEXT,
  statement_id   TEXT,
  claimed_by     TEXT,
  confidence     REAL,
  frame          TEXT,
  evidence       TEXT,
  evidence_start INTEGER,
  evidence_end   INTEGER,
  outlet         TEXT,               -- of imported events; coded ones have their article's
  url            TEXT,
  CHECK ((import IS NULL) <> (article IS NULL))
) STRICT;

-- Columns of an imported row that have no column above, as a JSON object: nothing is lost.
CREATE TABLE event_extras (
  event   INTEGER PRIMARY KEY REFERENCES events (n) ON DELETE CASCADE,
  columns TEXT NOT NULL
) STRICT;

-- DERIVED: `detente code --all` makes all of it anew ----------------------------------------

CREATE TABLE runs (
  n           INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL,         -- of program, knowledge and ontology
  started     TEXT NOT NULL,
  finished    TEXT
) STRICT;

-- What reading an article gave, beside its records.
CREATE TABLE readings (
  article   INTEGER PRIMARY KEY REFERENCES articles (n) ON DELETE CASCADE,
  run       INTEGER NOT NULL REFERENCES runs (n),
  coder     INTEGER NOT NULL REFERENCES coders (n),
  byline    TEXT,
  sentences INTEGER,
  skipped   TEXT NOT NULL,           -- JSON
  notes     TEXT NOT NULL,           -- JSON
  failure   TEXT                     -- why it could not be coded
) STRICT;
CREATE INDEX readings_run ON readings (run);

CREATE TABLE statements (
  n               INTEGER PRIMARY KEY,
  coder           INTEGER NOT NULL REFERENCES coders (n),
  article         INTEGER NOT NULL REFERENCES articles (n) ON DELETE CASCADE,
  id              TEXT NOT NULL,
  sentence        INTEGER NOT NULL,
  story_id        TEXT,
  day             TEXT CHECK (day IS date(day)),
  speaker         TEXT,
  speaker_name    TEXT,
  speaker_office  TEXT,
  speaker_country TEXT,
  speaker_sector  TEXT,
  speaker_bare_state INTEGER NOT NULL DEFAULT 0,
  acts            TEXT NOT NULL,     -- JSON
  about           TEXT NOT NULL,     -- JSON
  issue           TEXT,
  addressee       TEXT,
  addressee_name  TEXT,
  reason          TEXT,
  instrument      TEXT,
  verbatim        INTEGER NOT NULL,
  quote           TEXT,
  content         TEXT,
  cue             TEXT,
  repeated        TEXT,
  chain           TEXT NOT NULL,     -- JSON
  origin          TEXT,
  date_first      TEXT,
  date_last       TEXT,
  date_text       TEXT,
  date_resolved   INTEGER NOT NULL,
  evidence        TEXT,
  evidence_start  INTEGER NOT NULL,
  evidence_end    INTEGER NOT NULL
) STRICT;
CREATE INDEX statements_article ON statements (article);
CREATE INDEX statements_id ON statements (id);
CREATE INDEX statements_speaker ON statements (speaker_country, day);

-- Corrections that found no record in the present reading.
CREATE TABLE corrections_idle (
  correction INTEGER PRIMARY KEY REFERENCES corrections (n) ON DELETE CASCADE,
  reason     TEXT NOT NULL
) STRICT;

-- Events per pair and day. Always in step with `events`: both change in one transaction.
-- A side is the country, or the code of an actor of no country; '-' is nobody.
CREATE TABLE dyad_days (
  source    TEXT NOT NULL,
  target    TEXT NOT NULL,
  coder     INTEGER NOT NULL REFERENCES coders (n),
  day       TEXT NOT NULL,
  class     TEXT NOT NULL,           -- CAMEO root, or PLOVER event where there is no CAMEO code
  quad      INTEGER NOT NULL,        -- 0 is unknown
  mode      TEXT NOT NULL,
  events    INTEGER NOT NULL,
  goldstein REAL NOT NULL,           -- sum
  PRIMARY KEY (source, target, coder, day, class, quad, mode)
) STRICT, WITHOUT ROWID;

-- The same with a row for each day, for series over many years.
CREATE TABLE dyad_quads (
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
  goldstein REAL NOT NULL,           -- sum
  PRIMARY KEY (source, target, coder, mode, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE months (
  coder     INTEGER NOT NULL REFERENCES coders (n),
  month     TEXT NOT NULL,
  class     TEXT NOT NULL,
  quad      INTEGER NOT NULL,
  mode      TEXT NOT NULL,
  events    INTEGER NOT NULL,
  goldstein REAL NOT NULL,
  PRIMARY KEY (coder, month, class, quad, mode)
) STRICT, WITHOUT ROWID;

-- Rows that came to nothing are found and taken out without reading the rest.
CREATE INDEX dyad_days_empty ON dyad_days (events) WHERE events = 0;
CREATE INDEX dyad_quads_empty ON dyad_quads (events) WHERE events = 0;
CREATE INDEX months_empty ON months (events) WHERE events = 0;

CREATE TABLE codes (
  code      TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  ontology  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE articles_text USING fts5 (title, text, content = 'articles', content_rowid = 'n', tokenize = "unicode61 remove_diacritics 2");
CREATE TRIGGER articles_text_in AFTER INSERT ON articles BEGIN
  INSERT INTO articles_text (rowid, title, text) VALUES (new.n, new.title, new.text);
END;
CREATE TRIGGER articles_text_out AFTER DELETE ON articles BEGIN
  INSERT INTO articles_text (articles_text, rowid, title, text) VALUES ('delete', old.n, old.title, old.text);
END;
CREATE TRIGGER articles_untouched BEFORE UPDATE OF id, text, title ON articles BEGIN
  SELECT raise(ABORT, 'articles are ground and are never edited');
END;
