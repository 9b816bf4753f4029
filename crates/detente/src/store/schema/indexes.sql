-- Indexes of `events`. Dropped for the time of a large import, made whenever they are missing.
CREATE INDEX IF NOT EXISTS events_article ON events (article) WHERE article IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_id ON events (id) WHERE id IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_dyad ON events (source_country, target_country, day);
CREATE INDEX IF NOT EXISTS events_target ON events (target_country, day);
CREATE INDEX IF NOT EXISTS events_day ON events (day);
CREATE INDEX IF NOT EXISTS events_source_body ON events (source, day) WHERE source_country IS NULL;
CREATE INDEX IF NOT EXISTS events_target_body ON events (target, day) WHERE target_country IS NULL;
