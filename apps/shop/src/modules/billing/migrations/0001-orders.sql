CREATE SCHEMA billing;

CREATE TABLE billing.orders (
  id              uuid        PRIMARY KEY,
  -- Of the auth module. No foreign key: modules share no tables, so that each may move to a database of its own.
  user_id         uuid        NOT NULL,
  idempotency_key text        NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  -- What was asked for: [{"productId", "quantity"}], compared when the key comes again.
  requested       jsonb       NOT NULL,
  state           text        NOT NULL CHECK (state IN ('pending', 'placed', 'refused')),
  refusal         jsonb,
  total_cents     bigint      CHECK (total_cents > 0),
  currency        text        CHECK (currency ~ '^[A-Z]{3}$'),
  created_at      timestamptz NOT NULL DEFAULT now(),
  settled_at      timestamptz,
  UNIQUE (user_id, idempotency_key),
  CHECK ((state = 'pending') = (settled_at IS NULL)),
  CHECK ((state = 'refused') = (refusal IS NOT NULL)),
  CHECK ((state = 'placed') = (total_cents IS NOT NULL AND currency IS NOT NULL))
);
-- Identifiers begin with their time, so this is also the order of time.
CREATE INDEX orders_of_user ON billing.orders (user_id, id DESC) WHERE state <> 'refused';
CREATE INDEX orders_pending ON billing.orders (created_at) WHERE state = 'pending';

CREATE TABLE billing.order_lines (
  order_id         uuid    NOT NULL REFERENCES billing.orders (id) ON DELETE CASCADE,
  line             integer NOT NULL,
  product_id       text    NOT NULL,
  -- As it was called and what it cost when it was bought.
  product_name     text    NOT NULL,
  quantity         integer NOT NULL CHECK (quantity > 0),
  unit_price_cents integer NOT NULL CHECK (unit_price_cents > 0),
  PRIMARY KEY (order_id, line)
);
