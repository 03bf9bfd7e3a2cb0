CREATE SCHEMA auth;

CREATE TABLE auth.users (
  id            uuid        PRIMARY KEY,
  -- As compared: trimmed and in lower case.
  email         text        NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
  -- scrypt in PHC form: $scrypt$ln=14,r=8,p=5$salt$hash
  password_hash text        NOT NULL CHECK (password_hash LIKE '$scrypt$%'),
  created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE auth.sessions (
  id         uuid        PRIMARY KEY,
  user_id    uuid        NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_user ON auth.sessions (user_id);
CREATE INDEX sessions_by_expiry ON auth.sessions (expires_at);

-- Failed log-ins of an account, whether it exists or not. The account is a keyed hash, so that the table names nobody.
CREATE TABLE auth.login_failures (
  account    bytea       PRIMARY KEY,
  failures   integer     NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX login_failures_by_expiry ON auth.login_failures (expires_at);
