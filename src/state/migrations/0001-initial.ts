/**
 * The state's first shape. The two tables that hold a row a record have no foreign key to `sluice.mapping`: checking it
 * for each row would cost more than writing the row, and mappings are never deleted.
 *
 * Every row about a batch is written in that batch's transaction.
 */
export const INITIAL = `
CREATE TABLE sluice.mapping (
  id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE
);
COMMENT ON TABLE sluice.mapping IS 'A short number for each mapping, because the tables below hold a row a record';

CREATE TABLE sluice.run (
  id uuid PRIMARY KEY,
  project text NOT NULL,
  command text NOT NULL,
  status text NOT NULL CHECK (status IN
    ('running', 'succeeded', 'succeeded_with_warnings', 'failed', 'stopped', 'interrupted', 'planned')),
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  host text NOT NULL,
  pid integer NOT NULL,
  api_calls integer NOT NULL DEFAULT 0,
  peak_rss_bytes bigint NOT NULL DEFAULT 0,
  options jsonb NOT NULL DEFAULT '{}',
  error jsonb
);
CREATE INDEX run_started_at ON sluice.run (started_at);
COMMENT ON COLUMN sluice.run.error IS 'code, message and actions; never a record''s values';

CREATE TABLE sluice.step (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES sluice.run ON DELETE CASCADE,
  ordinal integer NOT NULL,
  phase text NOT NULL,
  mapping text NOT NULL,
  status text NOT NULL CHECK (status IN
    ('pending', 'running', 'succeeded', 'succeeded_with_warnings', 'failed', 'stopped', 'interrupted', 'skipped', 'planned')),
  started_at timestamptz,
  finished_at timestamptz,
  api_calls integer NOT NULL DEFAULT 0,
  watermark timestamptz,
  counts jsonb NOT NULL DEFAULT '{}',
  links jsonb NOT NULL DEFAULT '{}',
  tables jsonb NOT NULL DEFAULT '{}',
  warnings jsonb NOT NULL DEFAULT '{}',
  quarantined jsonb NOT NULL DEFAULT '{}',
  error jsonb,
  UNIQUE (run_id, ordinal)
);
CREATE INDEX step_mapping ON sluice.step (mapping, phase, id);
COMMENT ON COLUMN sluice.step.warnings IS 'how often each: {"VALUE_TOO_LONG contact.description": 12}';
COMMENT ON COLUMN sluice.step.quarantined IS 'how many records: {"INVALID_DATE contact.birthdate": 3}';

CREATE TABLE sluice.slice (
  step_id bigint NOT NULL REFERENCES sluice.step ON DELETE CASCADE,
  ordinal integer NOT NULL,
  kind text NOT NULL,
  job text,
  locator text,
  records integer NOT NULL DEFAULT 0,
  done boolean NOT NULL DEFAULT false,
  counts jsonb NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (step_id, ordinal)
);
COMMENT ON TABLE sluice.slice IS 'Parts of a step that stand alone; each commit adds to its slice''s row';

CREATE TABLE sluice.record (
  mapping_id smallint NOT NULL,
  source_id varchar(18) COLLATE "C" NOT NULL,
  hash uuid NOT NULL,
  stamp timestamptz,
  PRIMARY KEY (mapping_id, source_id)
);
COMMENT ON TABLE sluice.record IS 'What each record was when it was last loaded: an unchanged one skips all later work';

CREATE TABLE sluice.waiting_link (
  mapping_id smallint NOT NULL,
  link text NOT NULL,
  source_id varchar(18) COLLATE "C" NOT NULL,
  row_id text,
  parent_ref text,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  last_tried_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  linked_at timestamptz,
  PRIMARY KEY (mapping_id, link, source_id)
);
CREATE INDEX waiting_link_open ON sluice.waiting_link (mapping_id, link, parent_ref) WHERE linked_at IS NULL;
COMMENT ON COLUMN sluice.waiting_link.link IS 'table.column of the row that refers';
COMMENT ON COLUMN sluice.waiting_link.row_id IS 'primary key of that row, as text; null while the row itself is deferred';
COMMENT ON COLUMN sluice.waiting_link.parent_ref IS 'the raw reference; null when the org has cleared it and the link is still to be cleared';

CREATE TABLE sluice.quarantine (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  mapping_id smallint NOT NULL REFERENCES sluice.mapping,
  source_id text NOT NULL,
  code text NOT NULL,
  "column" text,
  field text,
  rule text,
  record json NOT NULL,
  attempts integer NOT NULL DEFAULT 1,
  first_run_id uuid NOT NULL,
  last_run_id uuid NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz
);
CREATE UNIQUE INDEX quarantine_open ON sluice.quarantine
  (mapping_id, source_id, (CASE WHEN source_id = '' THEN md5(record::text) ELSE '' END)) WHERE closed_at IS NULL;
COMMENT ON COLUMN sluice.quarantine.source_id IS 'empty when the record has no valid id; its text tells it apart then';
COMMENT ON COLUMN sluice.quarantine.record IS 'the record as it came: the only place outside the target tables that holds its values; json and not jsonb, which refuses U+0000';

CREATE TABLE sluice.watermark (
  mapping text NOT NULL,
  source text NOT NULL,
  value timestamptz NOT NULL,
  mapping_version text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (mapping, source)
);

CREATE TABLE sluice.event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id uuid REFERENCES sluice.run ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT now(),
  kind text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX event_run ON sluice.event (run_id, id);
`;
