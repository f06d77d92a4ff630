-- +goose Up
-- Instants are BIGINT Unix milliseconds, zero meaning none. Ids are random.
CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE accounts (
  id            INTEGER PRIMARY KEY,
  email         TEXT    NOT NULL,
  email_fold    TEXT    NOT NULL UNIQUE,
  name          TEXT    NOT NULL,
  role          TEXT    NOT NULL,
  password_hash TEXT    NOT NULL DEFAULT '',
  zone          TEXT    NOT NULL DEFAULT '',
  theme         TEXT    NOT NULL DEFAULT '',
  keys_off      BOOLEAN NOT NULL DEFAULT FALSE,
  disabled_ms   BIGINT  NOT NULL DEFAULT 0,
  created_ms    BIGINT  NOT NULL,
  signed_in_ms  BIGINT  NOT NULL DEFAULT 0,
  example       BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE sessions (
  id_hash    TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  created_ms BIGINT NOT NULL,
  seen_ms    BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  user_agent TEXT   NOT NULL DEFAULT '',
  address    TEXT   NOT NULL DEFAULT '',
  data       TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX sessions_account ON sessions(account_id);

-- One-time links for accounts: set-up, sign-in, invitation, password reset.
CREATE TABLE sign_in_links (
  token_hash TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL DEFAULT 0,
  purpose    TEXT   NOT NULL,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  used_ms    BIGINT NOT NULL DEFAULT 0
);

-- Attempts that are limited: sign-in by account and address, wrong links.
CREATE TABLE attempts (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  scope    TEXT   NOT NULL,
  key_hash TEXT   NOT NULL,
  at_ms    BIGINT NOT NULL
);
CREATE INDEX attempts_key ON attempts(scope, key_hash, at_ms);
CREATE INDEX attempts_age ON attempts(at_ms);

CREATE TABLE audit (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms         BIGINT NOT NULL,
  account_id    BIGINT NOT NULL DEFAULT 0,
  actor         TEXT   NOT NULL,
  action        TEXT   NOT NULL,
  object_kind   TEXT   NOT NULL DEFAULT '',
  object_id     BIGINT NOT NULL DEFAULT 0,
  roundtable_id BIGINT NOT NULL DEFAULT 0,
  detail        TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX audit_roundtable ON audit(roundtable_id, seq);
CREATE INDEX audit_account ON audit(account_id, seq);
CREATE INDEX audit_action ON audit(action, seq);
CREATE INDEX audit_object ON audit(object_kind, object_id, seq);

-- What can be taken back: the payload is read by the verb that wrote it.
CREATE TABLE undos (
  id            INTEGER PRIMARY KEY,
  account_id    BIGINT NOT NULL,
  roundtable_id BIGINT NOT NULL DEFAULT 0,
  verb          TEXT   NOT NULL,
  label         TEXT   NOT NULL,
  payload       TEXT   NOT NULL,
  created_ms    BIGINT NOT NULL,
  expires_ms    BIGINT NOT NULL,
  done_ms       BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX undos_account ON undos(account_id, created_ms);
CREATE INDEX undos_roundtable ON undos(roundtable_id, created_ms);

CREATE TABLE jobs (
  id              INTEGER PRIMARY KEY,
  kind            TEXT    NOT NULL,
  unique_key      TEXT    UNIQUE,
  args            TEXT    NOT NULL DEFAULT '',
  state           TEXT    NOT NULL,
  run_at_ms       BIGINT  NOT NULL,
  locked_until_ms BIGINT  NOT NULL DEFAULT 0,
  attempts        INTEGER NOT NULL DEFAULT 0,
  max_attempts    INTEGER NOT NULL,
  last_error      TEXT    NOT NULL DEFAULT '',
  created_ms      BIGINT  NOT NULL,
  finished_ms     BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX jobs_due ON jobs(state, run_at_ms);

CREATE TABLE series (
  id          INTEGER PRIMARY KEY,
  name        TEXT    NOT NULL,
  question    TEXT    NOT NULL DEFAULT '',
  archived_ms BIGINT  NOT NULL DEFAULT 0,
  created_ms  BIGINT  NOT NULL,
  example     BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE organisations (
  id          INTEGER PRIMARY KEY,
  name        TEXT    NOT NULL,
  name_fold   TEXT    NOT NULL,
  acronym     TEXT    NOT NULL DEFAULT '',
  sector      INTEGER NOT NULL DEFAULT 0,
  country     TEXT    NOT NULL DEFAULT '',
  search_text TEXT    NOT NULL DEFAULT '',
  archived_ms BIGINT  NOT NULL DEFAULT 0,
  created_ms  BIGINT  NOT NULL,
  example     BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX organisations_fold ON organisations(name_fold);

-- rank 2 is an alias, 3 the acronym, which several organisations may share.
CREATE TABLE organisation_aliases (
  organisation_id BIGINT NOT NULL REFERENCES organisations(id) ON DELETE CASCADE,
  alias           TEXT   NOT NULL,
  alias_fold      TEXT   NOT NULL,
  rank            INTEGER NOT NULL DEFAULT 2,
  PRIMARY KEY (organisation_id, alias_fold)
);
CREATE INDEX organisation_aliases_fold ON organisation_aliases(alias_fold);

-- full_name and list_name are what pages show, and list_name what they sort by; no name is ever re-cased.
-- name_org is the folded name and organisation as written.
-- org_fold is the folded name of the organisation, or of what was typed where it is none that we know.
-- import_id is the import that made the person.
CREATE TABLE people (
  id              INTEGER PRIMARY KEY,
  external_id     TEXT    NOT NULL DEFAULT '',
  honorific       TEXT    NOT NULL DEFAULT '',
  given           TEXT    NOT NULL DEFAULT '',
  middle          TEXT    NOT NULL DEFAULT '',
  family          TEXT    NOT NULL DEFAULT '',
  post_nominals   TEXT    NOT NULL DEFAULT '',
  full_name       TEXT    NOT NULL,
  salutation      TEXT    NOT NULL DEFAULT '',
  list_name       TEXT    NOT NULL,
  name_fold       TEXT    NOT NULL,
  name_org        TEXT    NOT NULL DEFAULT '',
  sort_fold       TEXT    NOT NULL,
  email           TEXT    NOT NULL DEFAULT '',
  email_fold      TEXT    NOT NULL DEFAULT '',
  other_emails    TEXT    NOT NULL DEFAULT '',
  phone           TEXT    NOT NULL DEFAULT '',
  position        TEXT    NOT NULL DEFAULT '',
  organisation_id BIGINT  NOT NULL DEFAULT 0,
  organisation    TEXT    NOT NULL DEFAULT '',
  org_fold        TEXT    NOT NULL DEFAULT '',
  sector          INTEGER NOT NULL DEFAULT 0,
  country         TEXT    NOT NULL DEFAULT '',
  country_fold    TEXT    NOT NULL DEFAULT '',
  assistant       TEXT    NOT NULL DEFAULT '',
  notes           TEXT    NOT NULL DEFAULT '',
  do_not_contact  BOOLEAN NOT NULL DEFAULT FALSE,
  search_text     TEXT    NOT NULL DEFAULT '',
  import_id       BIGINT  NOT NULL DEFAULT 0,
  archived_ms     BIGINT  NOT NULL DEFAULT 0,
  created_ms      BIGINT  NOT NULL,
  updated_ms      BIGINT  NOT NULL,
  example         BOOLEAN NOT NULL DEFAULT FALSE
);
-- The directory in order, with all that it is filtered by.
CREATE INDEX people_sort ON people(archived_ms, sort_fold, id, sector, organisation_id, org_fold, country_fold);
CREATE INDEX people_country ON people(country_fold, country);
-- What an import looks people up by, as narrow as its questions.
CREATE INDEX people_name ON people(name_fold, import_id) WHERE email_fold = '';
CREATE INDEX people_name_org ON people(name_org, email_fold, external_id, import_id);
CREATE INDEX people_email ON people(email_fold, import_id) WHERE email_fold <> '';
CREATE INDEX people_external ON people(external_id, import_id) WHERE external_id <> '';
CREATE INDEX people_other_emails ON people(name_fold) WHERE other_emails <> '';
CREATE INDEX people_organisation ON people(organisation_id, org_fold);

-- columns, notes and counts are JSON.
CREATE TABLE imports (
  id           INTEGER PRIMARY KEY,
  account_id   BIGINT  NOT NULL,
  file_name    TEXT    NOT NULL,
  state        TEXT    NOT NULL,
  columns      TEXT    NOT NULL DEFAULT '',
  notes        TEXT    NOT NULL DEFAULT '',
  sector       INTEGER NOT NULL DEFAULT 0,
  counts       TEXT    NOT NULL DEFAULT '',
  created_ms   BIGINT  NOT NULL,
  committed_ms BIGINT  NOT NULL DEFAULT 0
);

-- One staged row: its cells as read, in JSON, and the verdict. detail holds problems, changes and remarks in JSON;
-- unread says that the row could not be read; before is the person that a committed row replaced.
CREATE TABLE import_rows (
  import_id BIGINT  NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
  line      INTEGER NOT NULL,
  verdict   INTEGER NOT NULL DEFAULT -1,
  person_id BIGINT  NOT NULL DEFAULT 0,
  cells     TEXT    NOT NULL,
  detail    TEXT    NOT NULL DEFAULT '',
  unread    BOOLEAN NOT NULL DEFAULT FALSE,
  chosen    BOOLEAN NOT NULL DEFAULT FALSE,
  before    TEXT    NOT NULL DEFAULT '',
  PRIMARY KEY (import_id, line)
) WITHOUT ROWID;
CREATE INDEX import_rows_verdict ON import_rows(import_id, verdict, line);

-- Local date and time with their zone are the truth; the instants follow. cells
-- holds the levels of the small-cell rule, by item, once the roundtable closed.
CREATE TABLE roundtables (
  id             INTEGER PRIMARY KEY,
  series_id      BIGINT  NOT NULL DEFAULT 0,
  title          TEXT    NOT NULL,
  title_fold     TEXT    NOT NULL,
  objectives     TEXT    NOT NULL DEFAULT '',
  key_questions  TEXT    NOT NULL DEFAULT '',
  place          TEXT    NOT NULL DEFAULT '',
  room           TEXT    NOT NULL DEFAULT '',
  link           TEXT    NOT NULL DEFAULT '',
  starts_local   TEXT    NOT NULL DEFAULT '',
  ends_local     TEXT    NOT NULL DEFAULT '',
  zone           TEXT    NOT NULL,
  starts_ms      BIGINT  NOT NULL DEFAULT 0,
  ends_ms        BIGINT  NOT NULL DEFAULT 0,
  private        BOOLEAN NOT NULL DEFAULT FALSE,
  regime         INTEGER NOT NULL,
  capacity       INTEGER NOT NULL DEFAULT 0,
  deadline_local TEXT    NOT NULL DEFAULT '',
  deadline_ms    BIGINT  NOT NULL DEFAULT 0,
  status         TEXT    NOT NULL,
  started_ms     BIGINT  NOT NULL DEFAULT 0,
  ended_ms       BIGINT  NOT NULL DEFAULT 0,
  closed_ms      BIGINT  NOT NULL DEFAULT 0,
  cancel_reason  TEXT    NOT NULL DEFAULT '',
  cancelled_ms   BIGINT  NOT NULL DEFAULT 0,
  auto_promote   BOOLEAN NOT NULL DEFAULT FALSE,
  observer_seats BOOLEAN NOT NULL DEFAULT FALSE,
  k_staff        INTEGER NOT NULL DEFAULT 0,
  l_staff        INTEGER NOT NULL DEFAULT 0,
  k_public       INTEGER NOT NULL DEFAULT 0,
  l_public       INTEGER NOT NULL DEFAULT 0,
  ics_uid        TEXT    NOT NULL,
  ics_sequence   INTEGER NOT NULL DEFAULT 0,
  last_seat      INTEGER NOT NULL DEFAULT 0,
  current_item   BIGINT  NOT NULL DEFAULT 0,
  cells          TEXT    NOT NULL DEFAULT '',
  revision       INTEGER NOT NULL DEFAULT 1,
  room_revision  INTEGER NOT NULL DEFAULT 1,
  created_by     BIGINT  NOT NULL DEFAULT 0,
  created_ms     BIGINT  NOT NULL,
  example        BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX roundtables_start ON roundtables(starts_ms, id);
CREATE INDEX roundtables_series ON roundtables(series_id);

CREATE TABLE team_members (
  roundtable_id BIGINT NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  account_id    BIGINT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  role          TEXT   NOT NULL,
  added_ms      BIGINT NOT NULL,
  PRIMARY KEY (roundtable_id, account_id)
);
CREATE INDEX team_members_account ON team_members(account_id, roundtable_id);

CREATE TABLE cohosts (
  roundtable_id   BIGINT NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  organisation_id BIGINT NOT NULL REFERENCES organisations(id) ON DELETE CASCADE,
  added_ms        BIGINT NOT NULL,
  PRIMARY KEY (roundtable_id, organisation_id)
);

CREATE TABLE cohost_accounts (
  roundtable_id   BIGINT NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  account_id      BIGINT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  organisation_id BIGINT NOT NULL REFERENCES organisations(id) ON DELETE CASCADE,
  added_ms        BIGINT NOT NULL,
  PRIMARY KEY (roundtable_id, account_id)
);
CREATE INDEX cohost_accounts_account ON cohost_accounts(account_id);

CREATE TABLE sector_targets (
  roundtable_id BIGINT  NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  sector        INTEGER NOT NULL,
  minimum       INTEGER NOT NULL DEFAULT 0,
  target        INTEGER NOT NULL DEFAULT 0,
  maximum       INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (roundtable_id, sector)
);

CREATE TABLE agenda_items (
  id              INTEGER PRIMARY KEY,
  roundtable_id   BIGINT  NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  position        INTEGER NOT NULL,
  title           TEXT    NOT NULL,
  minutes         INTEGER NOT NULL DEFAULT 0,
  regime          INTEGER NOT NULL DEFAULT 0,
  lead_person_id  BIGINT  NOT NULL DEFAULT 0,
  title_reviewed  BOOLEAN NOT NULL DEFAULT FALSE,
  started_ms      BIGINT  NOT NULL DEFAULT 0,
  ended_ms        BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX agenda_items_roundtable ON agenda_items(roundtable_id, position);

-- seat is the n of seat code Sn, given once at acceptance and never reused.
CREATE TABLE guests (
  id                INTEGER PRIMARY KEY,
  roundtable_id     BIGINT  NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  person_id         BIGINT  NOT NULL REFERENCES people(id),
  wave              TEXT    NOT NULL DEFAULT 'A',
  role              TEXT    NOT NULL DEFAULT 'participant',
  sector            INTEGER NOT NULL DEFAULT 0,
  state             TEXT    NOT NULL,
  state_ms          BIGINT  NOT NULL,
  rsvp_state        TEXT    NOT NULL DEFAULT '',
  seat              INTEGER NOT NULL DEFAULT 0,
  note              TEXT    NOT NULL DEFAULT '',
  diet              TEXT    NOT NULL DEFAULT '',
  access            TEXT    NOT NULL DEFAULT '',
  interpreter       TEXT    NOT NULL DEFAULT '',
  preference        INTEGER NOT NULL DEFAULT 0,
  named_to_partners BOOLEAN NOT NULL DEFAULT FALSE,
  rule_ack_version  TEXT    NOT NULL DEFAULT '',
  rule_ack_ms       BIGINT  NOT NULL DEFAULT 0,
  arrived_ms        BIGINT  NOT NULL DEFAULT 0,
  left_ms           BIGINT  NOT NULL DEFAULT 0,
  delegate_of       BIGINT  NOT NULL DEFAULT 0,
  proposed_by       BIGINT  NOT NULL DEFAULT 0,
  descriptor        TEXT    NOT NULL DEFAULT '',
  descriptor_consent BOOLEAN NOT NULL DEFAULT FALSE,
  invited_ms        BIGINT  NOT NULL DEFAULT 0,
  answered_ms       BIGINT  NOT NULL DEFAULT 0,
  reminded_ms       BIGINT  NOT NULL DEFAULT 0,
  revision          INTEGER NOT NULL DEFAULT 1,
  created_ms        BIGINT  NOT NULL
);
CREATE UNIQUE INDEX guests_person ON guests(roundtable_id, person_id);
CREATE INDEX guests_state ON guests(roundtable_id, state);
CREATE INDEX guests_of_person ON guests(person_id);

-- Whom co-hosts proposed, in their own words: they read these and never what the
-- directory or the list says of the same person. fresh: the proposal put the
-- guest on the list, who was not there before.
CREATE TABLE guest_proposals (
  id              INTEGER PRIMARY KEY,
  guest_id        BIGINT  NOT NULL REFERENCES guests(id) ON DELETE CASCADE,
  organisation_id BIGINT  NOT NULL,
  account_id      BIGINT  NOT NULL,
  full_name       TEXT    NOT NULL,
  list_name       TEXT    NOT NULL,
  sort_fold       TEXT    NOT NULL,
  position        TEXT    NOT NULL DEFAULT '',
  organisation    TEXT    NOT NULL DEFAULT '',
  sector          INTEGER NOT NULL DEFAULT 0,
  fresh           BOOLEAN NOT NULL DEFAULT FALSE,
  created_ms      BIGINT  NOT NULL
);
CREATE UNIQUE INDEX guest_proposals_guest ON guest_proposals(guest_id, organisation_id);
CREATE INDEX guest_proposals_organisation ON guest_proposals(organisation_id);

CREATE TABLE guest_events (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  guest_id      BIGINT NOT NULL REFERENCES guests(id) ON DELETE CASCADE,
  roundtable_id BIGINT NOT NULL,
  at_ms         BIGINT NOT NULL,
  from_state    TEXT   NOT NULL,
  to_state      TEXT   NOT NULL,
  by_kind       TEXT   NOT NULL,
  account_id    BIGINT NOT NULL DEFAULT 0,
  via           TEXT   NOT NULL DEFAULT '',
  note          TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX guest_events_guest ON guest_events(guest_id, seq);
CREATE INDEX guest_events_roundtable ON guest_events(roundtable_id, seq);

-- Personal links: the token itself is computed, never stored.
CREATE TABLE guest_links (
  guest_id   BIGINT  NOT NULL REFERENCES guests(id) ON DELETE CASCADE,
  purpose    TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  token_hash TEXT    NOT NULL UNIQUE,
  expires_ms BIGINT  NOT NULL,
  revoked_ms BIGINT  NOT NULL DEFAULT 0,
  created_ms BIGINT  NOT NULL,
  PRIMARY KEY (guest_id, purpose, version)
);

-- Bodies hold a stand-in where the personal link stands in the real message.
-- guest_revision is the guest's at the time: it orders messages of one moment.
CREATE TABLE mails (
  id            INTEGER PRIMARY KEY,
  kind          TEXT    NOT NULL,
  roundtable_id BIGINT  NOT NULL DEFAULT 0,
  guest_id      BIGINT  NOT NULL DEFAULT 0,
  account_id    BIGINT  NOT NULL DEFAULT 0,
  to_name       TEXT    NOT NULL,
  to_email      TEXT    NOT NULL,
  message_id    TEXT    NOT NULL UNIQUE,
  args          TEXT    NOT NULL DEFAULT '',
  subject       TEXT    NOT NULL DEFAULT '',
  text_body     TEXT    NOT NULL DEFAULT '',
  html_body     TEXT    NOT NULL DEFAULT '',
  calendar      TEXT    NOT NULL DEFAULT '',
  state         TEXT    NOT NULL,
  attempts      INTEGER NOT NULL DEFAULT 0,
  last_error    TEXT    NOT NULL DEFAULT '',
  guest_revision INTEGER NOT NULL DEFAULT 0,
  created_ms    BIGINT  NOT NULL,
  sent_ms       BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX mails_created ON mails(created_ms, id);
CREATE INDEX mails_guest ON mails(guest_id, created_ms);
CREATE INDEX mails_roundtable ON mails(roundtable_id, created_ms);

-- Pillars, actions, fronts, forums and tags: the codebook.
CREATE TABLE codes (
  id          INTEGER PRIMARY KEY,
  kind        TEXT    NOT NULL,
  key         TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  aliases     TEXT    NOT NULL DEFAULT '',
  definition  TEXT    NOT NULL DEFAULT '',
  use_when    TEXT    NOT NULL DEFAULT '',
  not_when    TEXT    NOT NULL DEFAULT '',
  example     TEXT    NOT NULL DEFAULT '',
  pillar      INTEGER NOT NULL DEFAULT 0,
  position    INTEGER NOT NULL,
  created_by  BIGINT  NOT NULL DEFAULT 0,
  created_ms  BIGINT  NOT NULL,
  archived_ms BIGINT  NOT NULL DEFAULT 0,
  UNIQUE (kind, key)
);

-- seq is the order of capture, known to the team only. pos orders what others
-- see: by the roundtable's day, then shuffled within it. label_* and shown_* hold
-- what each outer audience may know of the speaker (models.Label) and the rule it
-- is told. regime is the rule in force; base_regime what it is without the
-- author's flag and the speaker's preference. team_sector is the speaker's, for
-- the team alone.
CREATE TABLE insights (
  seq             INTEGER PRIMARY KEY AUTOINCREMENT,
  id              BIGINT  NOT NULL UNIQUE,
  pos             BIGINT  NOT NULL UNIQUE,
  roundtable_id   BIGINT  NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  item_id         BIGINT  NOT NULL DEFAULT 0,
  client_id       TEXT    NOT NULL,
  kind            INTEGER NOT NULL DEFAULT 0,
  state           INTEGER NOT NULL DEFAULT 0,
  text            TEXT    NOT NULL,
  paraphrase      TEXT    NOT NULL DEFAULT '',
  paraphrase_ready BOOLEAN NOT NULL DEFAULT FALSE,
  regime          INTEGER NOT NULL,
  base_regime     INTEGER NOT NULL,
  own_flag        INTEGER NOT NULL DEFAULT 0,
  flag_ms         BIGINT  NOT NULL DEFAULT 0,
  embargo_ms      BIGINT  NOT NULL DEFAULT 0,
  primary_pillar  INTEGER NOT NULL DEFAULT 0,
  pillar_mask     INTEGER NOT NULL DEFAULT 0,
  code_ids        TEXT    NOT NULL DEFAULT '',
  shown_staff     INTEGER NOT NULL DEFAULT 0,
  shown_partner   INTEGER NOT NULL DEFAULT 0,
  shown_public    INTEGER NOT NULL DEFAULT 0,
  label_staff     INTEGER NOT NULL DEFAULT -1,
  label_partner   INTEGER NOT NULL DEFAULT -1,
  label_public    INTEGER NOT NULL DEFAULT -1,
  team_sector     INTEGER NOT NULL DEFAULT 0,
  contradicts     BIGINT  NOT NULL DEFAULT 0,
  captured_by     BIGINT  NOT NULL,
  captured_ms     BIGINT  NOT NULL,
  edited_ms       BIGINT  NOT NULL DEFAULT 0,
  reviewed_by     BIGINT  NOT NULL DEFAULT 0,
  released_by     BIGINT  NOT NULL DEFAULT 0,
  released_ms     BIGINT  NOT NULL DEFAULT 0,
  deleted_ms      BIGINT  NOT NULL DEFAULT 0,
  revision        INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX insights_client ON insights(roundtable_id, client_id);
CREATE INDEX insights_roundtable ON insights(roundtable_id, seq);
-- Everything that facets count, in the order of the search index: without it
-- every count reads two thousand whole insights.
CREATE INDEX insights_facets ON insights(pos, roundtable_id, pillar_mask, kind, state, regime, team_sector,
  label_staff, shown_staff, code_ids);

CREATE TABLE insight_codes (
  insight_seq BIGINT NOT NULL REFERENCES insights(seq) ON DELETE CASCADE,
  code_id     BIGINT NOT NULL REFERENCES codes(id),
  PRIMARY KEY (insight_seq, code_id)
) WITHOUT ROWID;
CREATE INDEX insight_codes_code ON insight_codes(code_id, insight_seq);

-- Only the roundtable's team ever reads this table. committed_by made the
-- commitment, where that is somebody else than who said so.
CREATE TABLE insight_speakers (
  insight_seq INTEGER PRIMARY KEY REFERENCES insights(seq) ON DELETE CASCADE,
  guest_id     BIGINT NOT NULL DEFAULT 0,
  committed_by BIGINT NOT NULL DEFAULT 0,
  unresolved   TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX insight_speakers_guest ON insight_speakers(guest_id);

CREATE TABLE insight_revisions (
  insight_seq BIGINT  NOT NULL REFERENCES insights(seq) ON DELETE CASCADE,
  revision    INTEGER NOT NULL,
  at_ms       BIGINT  NOT NULL,
  account_id  BIGINT  NOT NULL,
  what        TEXT    NOT NULL,
  text        TEXT    NOT NULL DEFAULT '',
  detail      TEXT    NOT NULL DEFAULT '',
  PRIMARY KEY (insight_seq, revision)
) WITHOUT ROWID;

-- A speaker's own consent to a looser rule for one insight.
CREATE TABLE consents (
  insight_seq BIGINT  NOT NULL REFERENCES insights(seq) ON DELETE CASCADE,
  guest_id    BIGINT  NOT NULL REFERENCES guests(id) ON DELETE CASCADE,
  regime      INTEGER NOT NULL,
  given_ms    BIGINT  NOT NULL,
  recorded_by BIGINT  NOT NULL,
  PRIMARY KEY (insight_seq, guest_id)
);

-- Counts by pillar and disclosed label, kept by the transaction that changes
-- an insight. scope 0: as the team sees the room; 1: as other staff see it.
CREATE TABLE insight_cells (
  roundtable_id BIGINT  NOT NULL REFERENCES roundtables(id) ON DELETE CASCADE,
  scope         INTEGER NOT NULL,
  pillar        INTEGER NOT NULL,
  label         INTEGER NOT NULL,
  n             INTEGER NOT NULL,
  PRIMARY KEY (roundtable_id, scope, pillar, label)
) WITHOUT ROWID;

-- The same for all public roundtables together, by month (year*12+month-1).
CREATE TABLE month_cells (
  month  INTEGER NOT NULL,
  pillar INTEGER NOT NULL,
  label  INTEGER NOT NULL,
  n      INTEGER NOT NULL,
  PRIMARY KEY (month, pillar, label)
) WITHOUT ROWID;

-- What happened in a roundtable, for the streams. Ids leave the store sealed.
CREATE TABLE events (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  roundtable_id BIGINT NOT NULL,
  kind          TEXT   NOT NULL,
  object_id     BIGINT NOT NULL DEFAULT 0,
  at_ms         BIGINT NOT NULL
);
CREATE INDEX events_roundtable ON events(roundtable_id, seq);

-- No insight may fall to a looser rule while it has a speaker who has not
-- agreed. An own flag may be taken back by its author within two minutes.
-- +goose StatementBegin
CREATE TRIGGER insights_regime_falls BEFORE UPDATE OF regime ON insights
WHEN NEW.regime < OLD.regime
BEGIN
  SELECT RAISE(ABORT, 'attribution may not be loosened')
  WHERE NOT (OLD.own_flag > NEW.own_flag AND OLD.flag_ms > 0
             AND NEW.edited_ms <= OLD.flag_ms + 120000 AND NEW.regime >= OLD.base_regime)
    AND (NOT EXISTS (SELECT 1 FROM insight_speakers s WHERE s.insight_seq = OLD.seq AND s.guest_id <> 0)
      OR EXISTS (SELECT 1 FROM insight_speakers s
                 LEFT JOIN consents c ON c.insight_seq = s.insight_seq AND c.guest_id = s.guest_id AND c.regime <= NEW.regime
                 WHERE s.insight_seq = OLD.seq AND c.guest_id IS NULL)
      OR EXISTS (SELECT 1 FROM insight_speakers s WHERE s.insight_seq = OLD.seq AND s.committed_by <> 0
                 AND NOT EXISTS (SELECT 1 FROM consents c WHERE c.insight_seq = s.insight_seq AND c.guest_id = s.committed_by AND c.regime <= NEW.regime)));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit log is only ever added to');
END;
-- +goose StatementEnd

-- +goose Down
SELECT 1;
