-- Until when a job that is due counts as handed out through a queue. Null: it is not, or its attempt has begun.
ALTER TABLE jobs.jobs ADD COLUMN handed_until timestamptz;

CREATE INDEX jobs_to_hand_out ON jobs.jobs (greatest(due_at, handed_until)) WHERE state IN ('waiting', 'running');
