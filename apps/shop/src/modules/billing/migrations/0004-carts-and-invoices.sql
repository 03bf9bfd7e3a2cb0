CREATE TABLE billing.cart_lines (
  user_id    uuid        NOT NULL,
  product_id text        NOT NULL,
  quantity   integer     NOT NULL CHECK (quantity BETWEEN 1 AND 20),
  added_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, product_id)
);

-- Numbered without a gap, as the law wants it; nothing in them tells whom they are for.
CREATE TABLE billing.invoices (
  order_id   uuid        PRIMARY KEY REFERENCES billing.orders (id) ON DELETE CASCADE,
  number     integer     NOT NULL UNIQUE CHECK (number > 0),
  -- PDF.
  content    bytea       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE billing.invoices ALTER COLUMN content SET STORAGE EXTERNAL;
