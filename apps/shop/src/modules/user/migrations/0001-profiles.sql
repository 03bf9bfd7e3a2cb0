-- "user" is a word of SQL's own.
CREATE SCHEMA users;

-- What people say of themselves. Who has said nothing yet has no row.
CREATE TABLE users.profiles (
  -- Of the auth module. No foreign key: modules share no tables, so that each may move to a database of its own.
  user_id     uuid        PRIMARY KEY,
  name        text        NOT NULL CHECK (length(name) <= 80),
  home_region text        NOT NULL CHECK (home_region ~ '^[a-z]+(-[a-z]+)*$'),
  order_mail  boolean     NOT NULL,
  news        boolean     NOT NULL,
  updated_at  timestamptz NOT NULL DEFAULT now()
);
