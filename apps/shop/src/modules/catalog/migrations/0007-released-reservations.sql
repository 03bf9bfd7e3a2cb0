-- When the stock of a reservation was given back, because nothing came of the order.
ALTER TABLE catalog.reservations ADD COLUMN released_at timestamptz;
