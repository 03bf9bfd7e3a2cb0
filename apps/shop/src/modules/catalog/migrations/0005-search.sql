-- Trusted: whoever may create in the database may add it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

ALTER TABLE catalog.products ADD COLUMN words tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', kind), 'B')
  || setweight(to_tsvector('english', summary), 'C') || setweight(to_tsvector('english', description), 'D')
) STORED;
CREATE INDEX products_by_words ON catalog.products USING gin (words);
CREATE INDEX products_by_trigrams ON catalog.products USING gin (name gin_trgm_ops);

-- What fits the words of a question, best first: by its words as they are inflected, or by a name that is spelt nearly so. The threshold lets a wrong letter
-- in a word of six pass ("teepot" for "teapot": 0.4) and keeps out names that share a syllable ("tea": 0.29).
CREATE FUNCTION catalog.search(question text, in_category text, after_score real, after_id text, most integer)
RETURNS TABLE (id text, score real)
LANGUAGE sql STABLE PARALLEL SAFE
SET pg_trgm.word_similarity_threshold = 0.35
AS $$
  WITH asked AS MATERIALIZED (
    SELECT websearch_to_tsquery('english', question) AS words
  ), found AS (
    SELECT p.id FROM catalog.products AS p, asked WHERE p.words @@ asked.words
    UNION
    SELECT p.id FROM catalog.products AS p WHERE question <% p.name
  ), ranked AS (
    SELECT p.id, (ts_rank(p.words, asked.words) + word_similarity(question, p.name))::real AS score
    FROM asked, found JOIN catalog.products AS p USING (id)
    WHERE in_category IS NULL OR p.category = in_category
  )
  SELECT r.id, r.score FROM ranked AS r
  WHERE after_score IS NULL OR r.score < after_score OR (r.score = after_score AND r.id > after_id)
  ORDER BY r.score DESC, r.id LIMIT most
$$;
