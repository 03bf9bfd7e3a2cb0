CREATE SCHEMA jobs;

CREATE TABLE jobs.jobs (
  id           uuid        PRIMARY KEY,
  kind         text        NOT NULL CHECK (kind ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  -- What makes a job the same as another that is added later, such as the event it answers: it is then added once.
  key          text        UNIQUE CHECK (length(key) BETWEEN 1 AND 255),
  -- Of the auth module; null for the product's own jobs.
  user_id      uuid,
  input        jsonb       NOT NULL,
  state        text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'dead')),
  -- Attempts that began.
  attempts     integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  max_attempts integer     NOT NULL CHECK (max_attempts > 0),
  -- While waiting: when the next attempt may begin. While running: when the lease ends and somebody else may take over.
  due_at       timestamptz NOT NULL DEFAULT now(),
  -- Who is at it: drawn anew for each attempt, so that one that was given up for dead cannot speak for the next.
  lease        uuid,
  progress     smallint    NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
  note         text        NOT NULL DEFAULT '' CHECK (length(note) <= 200),
  last_error   text        CHECK (length(last_error) <= 500),
  created_at   timestamptz NOT NULL DEFAULT now(),
  finished_at  timestamptz,
  CHECK ((state IN ('done', 'dead')) = (finished_at IS NOT NULL)),
  CHECK ((state = 'running') <= (lease IS NOT NULL))
)
-- Every job changes its row several times within minutes: room for that on its page, and a vacuum that comes early.
WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

CREATE INDEX jobs_due ON jobs.jobs (due_at) WHERE state IN ('waiting', 'running');
CREATE INDEX jobs_dead ON jobs.jobs (id) WHERE state = 'dead';
CREATE INDEX jobs_finished ON jobs.jobs (finished_at) WHERE state IN ('done', 'dead');
-- Identifiers begin with their time, so this is also the order of time.
CREATE INDEX jobs_of_user ON jobs.jobs (user_id, id DESC) WHERE user_id IS NOT NULL;
