CREATE SCHEMA analytics;

-- What was sold, a row for each line of an order, without a word about who bought it. One partition a day: the old ones go as a whole.
CREATE TABLE analytics.events (
  -- Of the event that told of it, and the line within.
  event_id      uuid        NOT NULL,
  line          integer     NOT NULL,
  at            timestamptz NOT NULL,
  product_id    text        NOT NULL,
  pieces        integer     NOT NULL CHECK (pieces > 0),
  revenue_cents bigint      NOT NULL CHECK (revenue_cents > 0),
  PRIMARY KEY (at, event_id, line)
) PARTITION BY RANGE (at);
CREATE INDEX events_of_product ON analytics.events (product_id, at);

-- Makes sure that there are partitions for the days from `first` to `last`, and removes those of days before `first`. Days are those of UTC.
CREATE FUNCTION analytics.keep_days(first date, last date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  day date;
  old record;
BEGIN
  -- One process at a time: any number, the same in every version.
  PERFORM pg_advisory_xact_lock(7305145);
  FOR day IN SELECT generate_series(first, last, '1 day')::date LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS analytics.%I PARTITION OF analytics.events FOR VALUES FROM (%L) TO (%L)',
      'events_' || to_char(day, 'YYYYMMDD'), day || ' 00:00:00+00', (day + 1) || ' 00:00:00+00');
  END LOOP;
  FOR old IN
    SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'analytics.events'::regclass AND c.relname ~ '^events_\d{8}$' AND c.relname < 'events_' || to_char(first, 'YYYYMMDD')
  LOOP
    EXECUTE format('DROP TABLE analytics.%I', old.relname);
  END LOOP;
END $$;
SELECT analytics.keep_days((now() AT TIME ZONE 'UTC')::date - 90, (now() AT TIME ZONE 'UTC')::date + 7);

-- The same by the hour, kept for good: reports add up a few rows of these instead of a million of those.
CREATE TABLE analytics.hours (
  hour          timestamptz PRIMARY KEY,
  orders        integer     NOT NULL,
  pieces        bigint      NOT NULL,
  revenue_cents bigint      NOT NULL
)
WITH (fillfactor = 70);
CREATE TABLE analytics.product_hours (
  hour          timestamptz NOT NULL,
  product_id    text        NOT NULL,
  pieces        bigint      NOT NULL,
  revenue_cents bigint      NOT NULL,
  PRIMARY KEY (hour, product_id)
)
WITH (fillfactor = 70);

CREATE TABLE analytics.reports (
  period  text        NOT NULL CHECK (period IN ('day', 'week')),
  -- The first day; weeks begin on Monday.
  starts  date        NOT NULL,
  content jsonb       NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (period, starts)
);
