-- +goose Up
-- On SQLite, programs keep in memory what the facets count, and a table of the
-- changes tells them what to read again. Here the commits of several programs
-- do not come in the order of their numbers: the facets are read from the rows.
SELECT 1;

-- +goose Down
SELECT 1;
