-- Version 5: what fetching needs to go on where it stopped. Ground.
ALTER TABLE feeds ADD COLUMN title TEXT;
ALTER TABLE feeds ADD COLUMN status INTEGER;
ALTER TABLE feeds ADD COLUMN note TEXT;          -- what was odd about the last answer, in words

ALTER TABLE fetches ADD COLUMN due TEXT;         -- when it is to be asked for (again); null when it is done or given up
ALTER TABLE fetches ADD COLUMN place INTEGER;    -- its place in the feed
ALTER TABLE fetches ADD COLUMN outlet TEXT;      -- what the feed says of the page
ALTER TABLE fetches ADD COLUMN published TEXT;
ALTER TABLE fetches ADD COLUMN title TEXT;
ALTER TABLE fetches ADD COLUMN content TEXT;     -- the feed's text, kept until the page is had
ALTER TABLE fetches ADD COLUMN etag TEXT;
ALTER TABLE fetches ADD COLUMN modified TEXT;
ALTER TABLE fetches ADD COLUMN note TEXT;        -- what was odd about the answer, in words
CREATE INDEX fetches_due ON fetches (due) WHERE due IS NOT NULL;
CREATE INDEX fetches_feed ON fetches (feed) WHERE feed IS NOT NULL;
