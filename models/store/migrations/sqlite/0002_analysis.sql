-- +goose Up
-- From insight to brief: codebook versions, themes, recommendations and their
-- evaluation, cleared findings of the leak lint, briefs, commitments, requests.

-- colour is the name of a colour of the palette; shortcut is one letter or digit.
ALTER TABLE codes ADD COLUMN colour TEXT NOT NULL DEFAULT '';
ALTER TABLE codes ADD COLUMN shortcut TEXT NOT NULL DEFAULT '';
-- The code that took this one's place, by merging; zero where it stands alone.
ALTER TABLE codes ADD COLUMN merged_into BIGINT NOT NULL DEFAULT 0;

-- Every change of the codebook makes a version; content is the whole book as
-- JSON, kept where a published brief froze it.
CREATE TABLE codebook_versions (
  version    INTEGER PRIMARY KEY,
  at_ms      BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  what       TEXT   NOT NULL,
  content    TEXT   NOT NULL DEFAULT ''
);

-- A theme is one sentence over insights. likelihood and confidence are the
-- words of ICD 203, by number; dissent is empty only while a draft.
CREATE TABLE themes (
  id          INTEGER PRIMARY KEY,
  series_id   BIGINT  NOT NULL DEFAULT 0,
  statement   TEXT    NOT NULL,
  position    INTEGER NOT NULL,
  likelihood  INTEGER NOT NULL DEFAULT 0,
  confidence  INTEGER NOT NULL DEFAULT 0,
  basis       TEXT    NOT NULL DEFAULT '',
  dissent     TEXT    NOT NULL DEFAULT '',
  gaps        TEXT    NOT NULL DEFAULT '',
  memo        TEXT    NOT NULL DEFAULT '',
  owner_id    BIGINT  NOT NULL DEFAULT 0,
  revision    INTEGER NOT NULL DEFAULT 1,
  archived_ms BIGINT  NOT NULL DEFAULT 0,
  created_by  BIGINT  NOT NULL DEFAULT 0,
  created_ms  BIGINT  NOT NULL,
  updated_ms  BIGINT  NOT NULL,
  example     BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX themes_order ON themes(series_id, position, id);

-- relation: 1 supports, 2 qualifies, 3 contradicts.
CREATE TABLE theme_insights (
  theme_id    BIGINT  NOT NULL REFERENCES themes(id) ON DELETE CASCADE,
  insight_seq BIGINT  NOT NULL REFERENCES insights(seq) ON DELETE CASCADE,
  relation    INTEGER NOT NULL DEFAULT 1,
  position    INTEGER NOT NULL DEFAULT 0,
  added_by    BIGINT  NOT NULL DEFAULT 0,
  added_ms    BIGINT  NOT NULL,
  PRIMARY KEY (theme_id, insight_seq)
);
CREATE INDEX theme_insights_insight ON theme_insights(insight_seq, theme_id);

-- Former wordings of themes, recommendations and briefs: content is JSON.
CREATE TABLE revisions (
  kind       TEXT    NOT NULL,
  object_id  BIGINT  NOT NULL,
  revision   INTEGER NOT NULL,
  at_ms      BIGINT  NOT NULL,
  account_id BIGINT  NOT NULL,
  what       TEXT    NOT NULL,
  content    TEXT    NOT NULL DEFAULT '',
  PRIMARY KEY (kind, object_id, revision)
);

-- version counts wordings: it rises whenever text_hash changes, and then the
-- evaluations of earlier versions are stale. follow_up is what became of it.
CREATE TABLE recommendations (
  id             INTEGER PRIMARY KEY,
  number         INTEGER NOT NULL UNIQUE,
  series_id      BIGINT  NOT NULL DEFAULT 0,
  title          TEXT    NOT NULL,
  addressee      TEXT    NOT NULL DEFAULT '',
  instrument     TEXT    NOT NULL DEFAULT '',
  action         TEXT    NOT NULL DEFAULT '',
  timeline       TEXT    NOT NULL DEFAULT '',
  cost           TEXT    NOT NULL DEFAULT '',
  dependencies   TEXT    NOT NULL DEFAULT '',
  risk           TEXT    NOT NULL DEFAULT '',
  mitigation     TEXT    NOT NULL DEFAULT '',
  measure        TEXT    NOT NULL DEFAULT '',
  alternatives   TEXT    NOT NULL DEFAULT '',
  pillar_mask    INTEGER NOT NULL DEFAULT 0,
  state          TEXT    NOT NULL,
  version        INTEGER NOT NULL DEFAULT 1,
  text_hash      TEXT    NOT NULL,
  owner_id       BIGINT  NOT NULL DEFAULT 0,
  decided_by     BIGINT  NOT NULL DEFAULT 0,
  decided_ms     BIGINT  NOT NULL DEFAULT 0,
  reason         TEXT    NOT NULL DEFAULT '',
  uncertainty    TEXT    NOT NULL DEFAULT '',
  response       TEXT    NOT NULL DEFAULT '',
  follow_up      TEXT    NOT NULL DEFAULT '',
  uptake         TEXT    NOT NULL DEFAULT '',
  remind_ms      BIGINT  NOT NULL DEFAULT 0,
  revision       INTEGER NOT NULL DEFAULT 1,
  archived_ms    BIGINT  NOT NULL DEFAULT 0,
  created_by     BIGINT  NOT NULL DEFAULT 0,
  created_ms     BIGINT  NOT NULL,
  updated_ms     BIGINT  NOT NULL,
  example        BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX recommendations_order ON recommendations(state, updated_ms, id);

CREATE TABLE recommendation_themes (
  recommendation_id BIGINT  NOT NULL REFERENCES recommendations(id) ON DELETE CASCADE,
  theme_id          BIGINT  NOT NULL REFERENCES themes(id) ON DELETE CASCADE,
  position          INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (recommendation_id, theme_id)
);
CREATE INDEX recommendation_themes_theme ON recommendation_themes(theme_id);

-- Fronts and forums.
CREATE TABLE recommendation_codes (
  recommendation_id BIGINT NOT NULL REFERENCES recommendations(id) ON DELETE CASCADE,
  code_id           BIGINT NOT NULL REFERENCES codes(id),
  PRIMARY KEY (recommendation_id, code_id)
);
CREATE INDEX recommendation_codes_code ON recommendation_codes(code_id);

-- One evaluation of one version by a panel. stage: blind, discussion, second,
-- closed. A panel whose version is no longer the recommendation's is stale.
CREATE TABLE panels (
  id                INTEGER PRIMARY KEY,
  recommendation_id BIGINT  NOT NULL REFERENCES recommendations(id) ON DELETE CASCADE,
  version           INTEGER NOT NULL,
  stage             TEXT    NOT NULL,
  due_ms            BIGINT  NOT NULL DEFAULT 0,
  opened_by         BIGINT  NOT NULL,
  opened_ms         BIGINT  NOT NULL,
  closed_ms         BIGINT  NOT NULL DEFAULT 0,
  UNIQUE (recommendation_id, version)
);

-- One evaluator: an account, or somebody from outside with a personal link,
-- which is computed and never stored. conflict is the declared interest.
CREATE TABLE panelists (
  id           INTEGER PRIMARY KEY,
  panel_id     BIGINT  NOT NULL REFERENCES panels(id) ON DELETE CASCADE,
  account_id   BIGINT  NOT NULL DEFAULT 0,
  name         TEXT    NOT NULL,
  affiliation  TEXT    NOT NULL DEFAULT '',
  email        TEXT    NOT NULL,
  email_fold   TEXT    NOT NULL,
  link_version INTEGER NOT NULL DEFAULT 1,
  token_hash   TEXT    NOT NULL UNIQUE,
  expires_ms   BIGINT  NOT NULL,
  revoked_ms   BIGINT  NOT NULL DEFAULT 0,
  conflict     TEXT    NOT NULL DEFAULT '',
  abstained    BOOLEAN NOT NULL DEFAULT FALSE,
  invited_ms   BIGINT  NOT NULL,
  UNIQUE (panel_id, email_fold)
);
CREATE INDEX panelists_account ON panelists(account_id);

-- score 1 to 9, or 0 for an abstention from this criterion. confidence 1 low, 2 moderate, 3 high.
-- evidence is a JSON list of insight ids.
CREATE TABLE scores (
  panelist_id BIGINT  NOT NULL REFERENCES panelists(id) ON DELETE CASCADE,
  round       INTEGER NOT NULL,
  criterion   INTEGER NOT NULL,
  score       INTEGER NOT NULL,
  confidence  INTEGER NOT NULL DEFAULT 0,
  rationale   TEXT    NOT NULL,
  evidence    TEXT    NOT NULL DEFAULT '',
  at_ms       BIGINT  NOT NULL,
  PRIMARY KEY (panelist_id, round, criterion)
);

-- What the panel said to each other between the rounds.
CREATE TABLE panel_remarks (
  id          INTEGER PRIMARY KEY,
  panel_id    BIGINT NOT NULL REFERENCES panels(id) ON DELETE CASCADE,
  panelist_id BIGINT NOT NULL DEFAULT 0,
  account_id  BIGINT NOT NULL DEFAULT 0,
  criterion   INTEGER NOT NULL DEFAULT 0,
  text        TEXT   NOT NULL,
  at_ms       BIGINT NOT NULL
);
CREATE INDEX panel_remarks_panel ON panel_remarks(panel_id, id);

-- A finding of the leak lint that somebody overruled, with the reason. mark is
-- a hash of rule, words and the text around them: an edit opens it again.
CREATE TABLE cleared_findings (
  object_kind TEXT   NOT NULL,
  object_id   BIGINT NOT NULL,
  mark        TEXT   NOT NULL,
  words       TEXT   NOT NULL,
  reason      TEXT   NOT NULL,
  account_id  BIGINT NOT NULL,
  at_ms       BIGINT NOT NULL,
  PRIMARY KEY (object_kind, object_id, mark)
);

-- A brief while it is written. scope: roundtable, series or filter; filter is
-- the insights' query string. The three rungs are Markdown.
CREATE TABLE briefs (
  id            INTEGER PRIMARY KEY,
  scope         TEXT    NOT NULL,
  roundtable_id BIGINT  NOT NULL DEFAULT 0,
  series_id     BIGINT  NOT NULL DEFAULT 0,
  filter        TEXT    NOT NULL DEFAULT '',
  title         TEXT    NOT NULL,
  bottom_line   TEXT    NOT NULL DEFAULT '',
  key_messages  TEXT    NOT NULL DEFAULT '',
  summary       TEXT    NOT NULL DEFAULT '',
  report        TEXT    NOT NULL DEFAULT '',
  annexes       TEXT    NOT NULL DEFAULT '',
  disclaimer    TEXT    NOT NULL DEFAULT '',
  uncertainty   TEXT    NOT NULL DEFAULT '',
  state         TEXT    NOT NULL,
  slug          TEXT    NOT NULL UNIQUE,
  author_id     BIGINT  NOT NULL,
  approver_id   BIGINT  NOT NULL DEFAULT 0,
  approved_ms   BIGINT  NOT NULL DEFAULT 0,
  approved_hash TEXT    NOT NULL DEFAULT '',
  revision      INTEGER NOT NULL DEFAULT 1,
  created_ms    BIGINT  NOT NULL,
  updated_ms    BIGINT  NOT NULL,
  archived_ms   BIGINT  NOT NULL DEFAULT 0,
  example       BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX briefs_order ON briefs(state, updated_ms, id);

CREATE TABLE brief_themes (
  brief_id BIGINT  NOT NULL REFERENCES briefs(id) ON DELETE CASCADE,
  theme_id BIGINT  NOT NULL REFERENCES themes(id) ON DELETE CASCADE,
  position INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (brief_id, theme_id)
);

CREATE TABLE brief_recommendations (
  brief_id          BIGINT  NOT NULL REFERENCES briefs(id) ON DELETE CASCADE,
  recommendation_id BIGINT  NOT NULL REFERENCES recommendations(id) ON DELETE CASCADE,
  position          INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (brief_id, recommendation_id)
);

-- A named reader before publication, and what became of their reading.
CREATE TABLE brief_reviews (
  brief_id   BIGINT NOT NULL REFERENCES briefs(id) ON DELETE CASCADE,
  account_id BIGINT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  approves   BOOLEAN NOT NULL DEFAULT FALSE,
  state      TEXT   NOT NULL,
  asked_ms   BIGINT NOT NULL,
  done_ms    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (brief_id, account_id)
);
CREATE INDEX brief_reviews_account ON brief_reviews(account_id, state);

CREATE TABLE brief_comments (
  id          INTEGER PRIMARY KEY,
  brief_id    BIGINT NOT NULL REFERENCES briefs(id) ON DELETE CASCADE,
  account_id  BIGINT NOT NULL,
  passage     TEXT   NOT NULL DEFAULT '',
  text        TEXT   NOT NULL,
  at_ms       BIGINT NOT NULL,
  resolved_ms BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX brief_comments_brief ON brief_comments(brief_id, id);

-- What was published, frozen: content and manifest are JSON and hold the
-- public level alone. violated_ms marks that a rule was raised since (T7).
CREATE TABLE publications (
  id           INTEGER PRIMARY KEY,
  brief_id     BIGINT  NOT NULL REFERENCES briefs(id),
  version      INTEGER NOT NULL,
  slug         TEXT    NOT NULL,
  title        TEXT    NOT NULL,
  search_text  TEXT    NOT NULL DEFAULT '',
  content      TEXT    NOT NULL,
  manifest     TEXT    NOT NULL,
  hash         TEXT    NOT NULL,
  note         TEXT    NOT NULL DEFAULT '',
  published_by BIGINT  NOT NULL,
  approver_id  BIGINT  NOT NULL,
  published_ms BIGINT  NOT NULL,
  withdrawn_ms BIGINT  NOT NULL DEFAULT 0,
  withdrawn_why TEXT   NOT NULL DEFAULT '',
  violated_ms  BIGINT  NOT NULL DEFAULT 0,
  example      BOOLEAN NOT NULL DEFAULT FALSE,
  UNIQUE (brief_id, version)
);
CREATE INDEX publications_slug ON publications(slug, version);
CREATE INDEX publications_order ON publications(published_ms, id);

-- The rows a publication holds: the trail back to the room.
CREATE TABLE publication_insights (
  publication_id BIGINT NOT NULL REFERENCES publications(id) ON DELETE CASCADE,
  insight_seq    BIGINT NOT NULL REFERENCES insights(seq) ON DELETE CASCADE,
  PRIMARY KEY (publication_id, insight_seq)
);
CREATE INDEX publication_insights_insight ON publication_insights(insight_seq);

-- A promise made in the room. The one who promised is a guest, an account, or a name as written.
CREATE TABLE commitments (
  id            INTEGER PRIMARY KEY,
  roundtable_id BIGINT  NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  insight_seq   BIGINT  NOT NULL DEFAULT 0,
  what          TEXT    NOT NULL,
  guest_id      BIGINT  NOT NULL DEFAULT 0,
  account_id    BIGINT  NOT NULL DEFAULT 0,
  owner_name    TEXT    NOT NULL DEFAULT '',
  due_on        TEXT    NOT NULL DEFAULT '',
  due_ms        BIGINT  NOT NULL DEFAULT 0,
  state         TEXT    NOT NULL,
  outcome       TEXT    NOT NULL DEFAULT '',
  done_ms       BIGINT  NOT NULL DEFAULT 0,
  reminded_ms   BIGINT  NOT NULL DEFAULT 0,
  revision      INTEGER NOT NULL DEFAULT 1,
  created_by    BIGINT  NOT NULL DEFAULT 0,
  created_ms    BIGINT  NOT NULL
);
CREATE INDEX commitments_roundtable ON commitments(roundtable_id, state, due_ms);
CREATE INDEX commitments_due ON commitments(state, due_ms);
CREATE UNIQUE INDEX commitments_insight ON commitments(insight_seq) WHERE insight_seq <> 0;

-- Somebody from the public asks to be invited to a public roundtable.
CREATE TABLE invitation_requests (
  id            INTEGER PRIMARY KEY,
  roundtable_id BIGINT  NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  name          TEXT    NOT NULL,
  email         TEXT    NOT NULL,
  email_fold    TEXT    NOT NULL,
  position      TEXT    NOT NULL DEFAULT '',
  organisation  TEXT    NOT NULL DEFAULT '',
  sector        INTEGER NOT NULL DEFAULT 0,
  why           TEXT    NOT NULL DEFAULT '',
  state         TEXT    NOT NULL,
  guest_id      BIGINT  NOT NULL DEFAULT 0,
  decided_by    BIGINT  NOT NULL DEFAULT 0,
  decided_ms    BIGINT  NOT NULL DEFAULT 0,
  created_ms    BIGINT  NOT NULL
);
CREATE UNIQUE INDEX invitation_requests_once ON invitation_requests(roundtable_id, email_fold);
CREATE INDEX invitation_requests_open ON invitation_requests(state, created_ms);

-- +goose Down
SELECT 1;
