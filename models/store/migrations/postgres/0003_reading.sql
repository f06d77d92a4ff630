-- +goose Up
-- What readers see of the work on insights: hints, what publications say in a
-- sentence, and cells for the analysis.

ALTER TABLE codes ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE publications ADD COLUMN bottom_line TEXT NOT NULL DEFAULT '';

-- Hints of the first days that an account has put away.
CREATE TABLE hints_seen (
  account_id BIGINT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  hint       TEXT   NOT NULL,
  at_ms      BIGINT NOT NULL,
  PRIMARY KEY (account_id, hint)
);

-- What meets in the insights of one roundtable: of two dimensions of the
-- analysis, by number, how many insights carry both keys. scope 0: as the team
-- reads the room; 1: as other staff do. A room in analysis_dirty has changed
-- since; its cells are counted from its rows until they are built anew.
CREATE TABLE analysis_cells (
  dim_a         INTEGER NOT NULL,
  dim_b         INTEGER NOT NULL,
  scope         INTEGER NOT NULL,
  roundtable_id BIGINT  NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  cells         BYTEA   NOT NULL,
  PRIMARY KEY (dim_a, dim_b, scope, roundtable_id)
);
CREATE INDEX analysis_cells_roundtable ON analysis_cells(roundtable_id);

CREATE TABLE analysis_dirty (
  roundtable_id BIGINT PRIMARY KEY REFERENCES roundtables(id) ON DELETE CASCADE
);
INSERT INTO analysis_dirty (roundtable_id) SELECT id FROM roundtables;

-- Nothing asks the log by its object; every capture paid for the index.
DROP INDEX audit_object;

-- +goose Down
SELECT 1;
