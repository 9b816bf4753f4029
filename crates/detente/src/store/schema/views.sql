-- Record v1 as views, made anew at every change of version. `record_*` have a few columns more.
DROP VIEW IF EXISTS events_v1;
DROP VIEW IF EXISTS statements_v1;
DROP VIEW IF EXISTS articles_v1;
DROP VIEW IF EXISTS record_events;
DROP VIEW IF EXISTS record_statements;

CREATE VIEW record_events AS
SELECT e.n, e.day, e.extra, e.import, e.line, e.article AS article_n, e.coder AS coder_n,
  'event' AS record, coalesce(e.id, 'i:' || e.n) AS id, a.id AS article_id, e.sentence, e.story_id, e.group_id,
  e.source, e.source_name, e.source_country, e.source_sector, e.source_bare_state,
  e.target, e.target_name, e.target_country, e.target_sector, e.target_bare_state,
  e.cameo, k.name AS cameo_name, substr(e.cameo, 1, 2) AS cameo_root, e.plover, e.plover_mode, e.quad, e.goldstein, e.mode,
  e.date_first, e.date_last, e.date_text, e.date_resolved, e.place_name, e.place_country, e.geonameid, e.lat, e.lon, e.place_precision,
  e.count_text, e.statement_id, e.claimed_by, e.confidence, e.frame, e.evidence, e.evidence_start, e.evidence_end,
  coalesce(e.outlet, a.outlet) AS outlet, a.published, coalesce(e.url, a.url) AS url, c.coder AS coder_version, c.ontology AS ontology_version
FROM events e JOIN coders c ON c.n = e.coder LEFT JOIN articles a ON a.n = e.article LEFT JOIN codes k ON k.code = e.cameo;

CREATE VIEW record_statements AS
SELECT s.n, s.day, s.article AS article_n, s.coder AS coder_n,
  'statement' AS record, s.id, a.id AS article_id, s.sentence, s.story_id,
  s.speaker, s.speaker_name, s.speaker_office, s.speaker_country, s.speaker_sector, s.speaker_bare_state, s.acts, s.about, s.issue, s.addressee, s.addressee_name,
  s.reason, s.instrument, s.verbatim, s.quote, s.content, s.cue, s.repeated, s.chain, s.origin,
  s.date_first, s.date_last, s.date_text, s.date_resolved, s.evidence, s.evidence_start, s.evidence_end,
  a.outlet, a.published, a.url, c.coder AS coder_version, c.ontology AS ontology_version
FROM statements s JOIN coders c ON c.n = s.coder JOIN articles a ON a.n = s.article;

CREATE VIEW events_v1 AS
SELECT record, id, article_id, sentence, story_id, group_id, source, source_name, source_country, source_sector, source_bare_state,
  target, target_name, target_country, target_sector, target_bare_state, cameo, cameo_name, cameo_root, plover, plover_mode, quad, goldstein, mode,
  date_first, date_last, date_text, date_resolved, place_name, place_country, geonameid, lat, lon, place_precision,
  count_text, statement_id, claimed_by, confidence, frame, evidence, evidence_start, evidence_end,
  outlet, published, url, coder_version, ontology_version FROM record_events;

CREATE VIEW statements_v1 AS
SELECT record, id, article_id, sentence, story_id, speaker, speaker_name, speaker_office, speaker_country, speaker_sector, speaker_bare_state,
  acts, about, issue, addressee, addressee_name, reason, instrument, verbatim, quote, content, cue, repeated, chain, origin,
  date_first, date_last, date_text, date_resolved, evidence, evidence_start, evidence_end,
  outlet, published, url, coder_version, ontology_version FROM record_statements;

CREATE VIEW articles_v1 AS
SELECT 'article' AS record, a.id, a.outlet, a.published, a.url, a.title, r.byline, 'en' AS lang, a.text, r.sentences,
  coalesce(r.skipped, '[]') AS skipped, coalesce(r.notes, '[]') AS notes, c.coder AS coder_version, c.ontology AS ontology_version
FROM articles a LEFT JOIN readings r ON r.article = a.n LEFT JOIN coders c ON c.n = r.coder;
