-- Pieces sold since the shop opened. Beside the products, not in them: a sale then changes no index of theirs.
CREATE TABLE catalog.popularity (
  product_id text   PRIMARY KEY REFERENCES catalog.products (id) ON DELETE CASCADE,
  sold       bigint NOT NULL CHECK (sold > 0)
);
CREATE INDEX popularity_by_sold ON catalog.popularity (sold DESC, product_id);

-- Events that were counted: see platform/events/inbox.ts.
CREATE TABLE catalog.inbox (
  listener text        NOT NULL,
  event_id uuid        NOT NULL,
  heard_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (event_id, listener)
);
CREATE INDEX inbox_by_time ON catalog.inbox (heard_at);
