-- How often something was asked for from one place within a minute or so. Unlogged: after a crash everybody may begin anew, and nothing waits for the disk.
CREATE UNLOGGED TABLE platform.hits (
  -- A keyed hash of what and where from: the table names nobody.
  counter    bytea       PRIMARY KEY,
  hits       integer     NOT NULL,
  expires_at timestamptz NOT NULL
)
WITH (fillfactor = 70);
CREATE INDEX hits_by_expiry ON platform.hits (expires_at);
