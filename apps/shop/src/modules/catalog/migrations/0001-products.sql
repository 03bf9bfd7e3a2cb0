CREATE SCHEMA catalog;

CREATE TABLE catalog.products (
  id          text        PRIMARY KEY CHECK (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  -- Ordered by bytes: an upgrade of the system's locales must not reorder an index.
  name        text        COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  kind        text        NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
  summary     text        NOT NULL,
  description text        NOT NULL,
  price_cents integer     NOT NULL CHECK (price_cents > 0),
  -- One shop, one currency: prices in several need price lists.
  currency    text        NOT NULL DEFAULT 'EUR' CHECK (currency = 'EUR'),
  stock       integer     NOT NULL CHECK (stock >= 0),
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX products_by_name ON catalog.products (name, id);

-- Stock taken for an order, or the reason it was not: asked again, the answer is the same.
CREATE TABLE catalog.reservations (
  id         uuid        PRIMARY KEY,
  outcome    jsonb       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
