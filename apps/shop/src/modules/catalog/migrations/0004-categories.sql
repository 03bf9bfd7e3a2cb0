CREATE TABLE catalog.categories (
  id       text    PRIMARY KEY CHECK (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name     text    NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  -- Where it stands among the others.
  position integer NOT NULL UNIQUE
);
INSERT INTO catalog.categories (id, name, position) VALUES
('mugs', 'Mugs', 1), ('cups', 'Cups', 2), ('bowls', 'Bowls', 3), ('plates', 'Plates', 4),
('tea', 'Tea', 5), ('jugs', 'Jugs', 6), ('vases', 'Vases', 7), ('home', 'Home', 8);

-- Null for what is in no category: the version before knows none.
ALTER TABLE catalog.products ADD COLUMN category text REFERENCES catalog.categories (id);
UPDATE catalog.products AS p SET category = c.id FROM catalog.categories AS c WHERE c.name = p.kind;
CREATE INDEX products_by_category ON catalog.products (category, name, id);
