-- For how many people a feature is on, where that is not as usual. The features themselves are known to the code: see flags.ts.
CREATE TABLE users.flags (
  name       text        PRIMARY KEY CHECK (name ~ '^[a-z]+(-[a-z]+)*$'),
  percent    integer     NOT NULL CHECK (percent BETWEEN 0 AND 100),
  changed_at timestamptz NOT NULL DEFAULT now()
);
