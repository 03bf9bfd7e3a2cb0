-- What a product cost from when on. Written by the database itself, so that no way of changing a price goes around it.
CREATE TABLE catalog.prices (
  product_id  text        NOT NULL REFERENCES catalog.products (id) ON DELETE CASCADE,
  since       timestamptz NOT NULL DEFAULT now(),
  price_cents integer     NOT NULL CHECK (price_cents > 0),
  PRIMARY KEY (product_id, since)
);
INSERT INTO catalog.prices (product_id, since, price_cents) SELECT id, created_at, price_cents FROM catalog.products;

CREATE FUNCTION catalog.remember_first_prices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalog.prices (product_id, since, price_cents) SELECT id, created_at, price_cents FROM added;
  RETURN NULL;
END $$;
-- Once a statement: many products come at once.
CREATE TRIGGER remember_first_prices AFTER INSERT ON catalog.products
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION catalog.remember_first_prices();

CREATE FUNCTION catalog.remember_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalog.prices (product_id, price_cents) VALUES (NEW.id, NEW.price_cents)
  ON CONFLICT (product_id, since) DO UPDATE SET price_cents = excluded.price_cents;
  RETURN NULL;
END $$;
-- Only for statements that name the price: taking stock, which is hot, does not.
CREATE TRIGGER remember_price AFTER UPDATE OF price_cents ON catalog.products
FOR EACH ROW WHEN (OLD.price_cents <> NEW.price_cents) EXECUTE FUNCTION catalog.remember_price();
