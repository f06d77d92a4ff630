-- +goose Up
-- What a theme, a recommendation or a brief was written on stays behind it:
-- roundtables of which nothing is linked any more, because it was taken out
-- again. They say, too, for whom it exists.
CREATE TABLE theme_rooms (
  theme_id      BIGINT NOT NULL REFERENCES themes(id) ON DELETE CASCADE,
  roundtable_id BIGINT NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  PRIMARY KEY (theme_id, roundtable_id)
);
CREATE INDEX theme_rooms_roundtable ON theme_rooms(roundtable_id);

CREATE TABLE recommendation_rooms (
  recommendation_id BIGINT NOT NULL REFERENCES recommendations(id) ON DELETE CASCADE,
  roundtable_id     BIGINT NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  PRIMARY KEY (recommendation_id, roundtable_id)
);
CREATE INDEX recommendation_rooms_roundtable ON recommendation_rooms(roundtable_id);

CREATE TABLE brief_rooms (
  brief_id      BIGINT NOT NULL REFERENCES briefs(id) ON DELETE CASCADE,
  roundtable_id BIGINT NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  PRIMARY KEY (brief_id, roundtable_id)
);
CREATE INDEX brief_rooms_roundtable ON brief_rooms(roundtable_id);

-- The roundtables that a publication tells of or rests on: a rule raised there
-- can make it show too much, though it holds no insight.
CREATE TABLE publication_rooms (
  publication_id BIGINT NOT NULL REFERENCES publications(id) ON DELETE CASCADE,
  roundtable_id  BIGINT NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  PRIMARY KEY (publication_id, roundtable_id)
);
CREATE INDEX publication_rooms_roundtable ON publication_rooms(roundtable_id);
INSERT INTO publication_rooms (publication_id, roundtable_id)
  SELECT DISTINCT p.id, CAST(m.value AS BIGINT) FROM publications p
  CROSS JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(CAST(p.manifest AS jsonb) -> 'roundtable_ids')
    WHEN 'array' THEN CAST(p.manifest AS jsonb) -> 'roundtable_ids' ELSE CAST('[]' AS jsonb) END) m
  WHERE CAST(m.value AS BIGINT) IN (SELECT id FROM roundtables);

-- +goose Down
SELECT 1;
