-- Version 6: tellings of one event. Derived.
ALTER TABLE events ADD COLUMN group_id TEXT; -- 'g:' and the id of the telling that was first, without its 'e:'
ALTER TABLE events ADD COLUMN details TEXT;  -- numbers and words of the sentence, to compare tellings by
ALTER TABLE events ADD COLUMN extra INTEGER; -- 1 for a telling beyond the one its event is counted by
-- Not among those that imports drop: it holds no imported event.
CREATE INDEX events_group ON events (group_id) WHERE group_id IS NOT NULL;
