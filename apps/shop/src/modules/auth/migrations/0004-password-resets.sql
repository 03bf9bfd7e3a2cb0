-- Mails that let a person choose another password. Each works once, for half an hour.
CREATE TABLE auth.password_resets (
  -- SHA-256 of the token in the mail.
  hash       bytea       PRIMARY KEY,
  user_id    uuid        NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  -- The request that used it: when that one is repeated after a lost answer it finds its own work.
  used_by    uuid
);
CREATE INDEX password_resets_of_user ON auth.password_resets (user_id);
CREATE INDEX password_resets_by_expiry ON auth.password_resets (expires_at);
