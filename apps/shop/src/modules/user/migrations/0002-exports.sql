-- Copies of a person's data, made by a job.
CREATE TABLE users.exports (
  -- That of the job.
  id         uuid        PRIMARY KEY,
  -- A copy goes with the profile: one that is still being made when a person leaves finds no place any more.
  user_id    uuid        NOT NULL REFERENCES users.profiles (user_id) ON DELETE CASCADE,
  -- JSON, compressed with gzip.
  content    bytea       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX exports_of_user ON users.exports (user_id);
CREATE INDEX exports_by_expiry ON users.exports (expires_at);
-- It is compressed already.
ALTER TABLE users.exports ALTER COLUMN content SET STORAGE EXTERNAL;
