-- An order is paid before it is placed: between the two it is `unpaid`, with its stock reserved and its lines written. One that is given up after its stock was
-- reserved is `releasing` until the stock is back.
ALTER TABLE billing.orders
  ADD COLUMN payment_method text NOT NULL DEFAULT 'test-paid' CHECK (length(payment_method) BETWEEN 1 AND 100),
  DROP CONSTRAINT orders_state_check,
  DROP CONSTRAINT orders_check,
  DROP CONSTRAINT orders_check1,
  DROP CONSTRAINT orders_check2,
  ADD CONSTRAINT orders_state CHECK (state IN ('pending', 'unpaid', 'releasing', 'placed', 'refused')),
  ADD CONSTRAINT orders_settled CHECK ((state IN ('placed', 'refused')) = (settled_at IS NOT NULL)),
  ADD CONSTRAINT orders_refusal CHECK ((state IN ('releasing', 'refused')) = (refusal IS NOT NULL)),
  ADD CONSTRAINT orders_total CHECK ((state IN ('unpaid', 'placed')) <= (total_cents IS NOT NULL AND currency IS NOT NULL));
CREATE INDEX orders_open ON billing.orders (created_at) WHERE state IN ('pending', 'unpaid', 'releasing');
DROP INDEX billing.orders_pending;

-- Money that goes back to whoever paid. One for an order, all of it.
CREATE TABLE billing.refunds (
  order_id     uuid        PRIMARY KEY REFERENCES billing.orders (id) ON DELETE CASCADE,
  amount_cents bigint      NOT NULL CHECK (amount_cents > 0),
  created_at   timestamptz NOT NULL DEFAULT now(),
  -- When the provider took it.
  done_at      timestamptz
);

-- What the test provider remembers: charges that were not decided at once. A real provider has its own books.
CREATE TABLE billing.test_charges (
  id         uuid        PRIMARY KEY,
  state      text        NOT NULL CHECK (state IN ('pending', 'paid', 'declined')),
  refunded   boolean     NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);
