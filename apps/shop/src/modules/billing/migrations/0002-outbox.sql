-- Events that are not delivered yet: see platform/events/outbox.ts. They come and go within a second.
CREATE TABLE billing.outbox (
  id         uuid        PRIMARY KEY,
  name       text        NOT NULL,
  data       jsonb       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  due_at     timestamptz NOT NULL DEFAULT now(),
  attempts   integer     NOT NULL DEFAULT 0
)
WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX outbox_due ON billing.outbox (due_at);
