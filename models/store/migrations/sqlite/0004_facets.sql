-- +goose Up
-- Which insights changed in what the facets count, in the order of the changes:
-- a program keeps those numbers in memory and reads on from the last change it
-- knows. The latest hundred thousand are kept; a program that knows less reads
-- everything anew.
CREATE TABLE insight_changes (
  n           INTEGER PRIMARY KEY AUTOINCREMENT,
  insight_seq BIGINT  NOT NULL
);

-- +goose StatementBegin
CREATE TRIGGER insights_changed AFTER UPDATE ON insights
WHEN NEW.pos <> OLD.pos OR NEW.roundtable_id <> OLD.roundtable_id OR NEW.code_ids <> OLD.code_ids
  OR NEW.pillar_mask <> OLD.pillar_mask OR NEW.kind <> OLD.kind OR NEW.state <> OLD.state OR NEW.regime <> OLD.regime
  OR NEW.team_sector <> OLD.team_sector
  OR NEW.shown_staff <> OLD.shown_staff OR NEW.shown_partner <> OLD.shown_partner OR NEW.shown_public <> OLD.shown_public
  OR NEW.label_staff <> OLD.label_staff OR NEW.label_partner <> OLD.label_partner OR NEW.label_public <> OLD.label_public
BEGIN
  INSERT INTO insight_changes (insight_seq) VALUES (NEW.seq);
  DELETE FROM insight_changes WHERE n = last_insert_rowid() - 100000;
END;
-- +goose StatementEnd

-- +goose Down
SELECT 1;
