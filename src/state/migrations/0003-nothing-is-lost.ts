/**
 * Reading only what has changed, and knowing what became of the rest: windows and watermarks, records that are gone,
 * what was left out for want of a parent, before-images, and what the org and its fields looked like last.
 */
export const NOTHING_IS_LOST = `
ALTER TABLE sluice.watermark
  ADD COLUMN parts jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN full_read_at timestamptz,
  ADD COLUMN read_again text;
COMMENT ON COLUMN sluice.watermark.parts IS 'a hash for each part of the mapping, to tell what has changed in it';
COMMENT ON COLUMN sluice.watermark.full_read_at IS 'when everything was last read, by the org''s clock';
COMMENT ON COLUMN sluice.watermark.read_again IS 'why the next run must read everything; null when it need not';

ALTER TABLE sluice.step
  ADD COLUMN mapping_version text,
  ADD COLUMN reading jsonb,
  ADD COLUMN next_watermark timestamptz;
COMMENT ON COLUMN sluice.step.reading IS 'what is read and why: {"kind": "window", "from": ..., "to": ..., "reason": ...}';
COMMENT ON COLUMN sluice.step.next_watermark IS 'where the watermark moves to when all of it is committed';

ALTER TABLE sluice.slice ADD COLUMN total integer, ADD COLUMN next_locator text;
COMMENT ON COLUMN sluice.slice.total IS 'records of the slice, once that is known; it is done when as many are committed';
COMMENT ON COLUMN sluice.slice.next_locator IS 'of a Bulk page: where the next one begins; null for the last';

CREATE TABLE sluice.left_out (
  mapping_id smallint NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  link text NOT NULL,
  parent_ref text NOT NULL,
  noticed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (mapping_id, source_id)
);
COMMENT ON TABLE sluice.left_out IS 'Records that a rule left out because a parent is not here: read again when it comes';

CREATE INDEX record_again ON sluice.record (mapping_id, source_id)
  WHERE hash IN ('00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff');

CREATE TABLE sluice.deletion (
  mapping_id smallint NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  reason text NOT NULL CHECK (reason IN ('deleted', 'merged', 'left_filter', 'purged')),
  master_id text,
  stamp timestamptz,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'confirmed', 'refused', 'done', 'ignored')),
  row_id text,
  before jsonb,
  run_id uuid NOT NULL,
  noticed_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz,
  PRIMARY KEY (mapping_id, source_id)
);
CREATE INDEX deletion_open ON sluice.deletion (mapping_id, status) WHERE status <> 'done';
COMMENT ON TABLE sluice.deletion IS 'Records that are gone from the org, and what became of their rows';
COMMENT ON COLUMN sluice.deletion.before IS 'what the marking column held before, to be put back when the record returns';

ALTER TABLE sluice.quarantine
  ALTER COLUMN record DROP NOT NULL,
  ADD COLUMN sealed bytea,
  ADD COLUMN record_hash uuid,
  ADD COLUMN closed_as text CHECK (closed_as IN ('loaded', 'discarded', 'deleted', 'left_out'));
UPDATE sluice.quarantine SET closed_as = CASE WHEN closed_at IS NOT NULL THEN 'loaded' END,
  record_hash = encode(substring(sha256(convert_to(record::text, 'UTF8')) FOR 16), 'hex')::uuid;
UPDATE sluice.quarantine SET record = NULL WHERE closed_at IS NOT NULL;
ALTER TABLE sluice.quarantine ALTER COLUMN record_hash SET NOT NULL;
DROP INDEX sluice.quarantine_open;
CREATE UNIQUE INDEX quarantine_open ON sluice.quarantine (mapping_id, source_id,
  (CASE WHEN source_id = '' THEN record_hash ELSE '00000000-0000-0000-0000-000000000000'::uuid END)) WHERE closed_at IS NULL;
CREATE INDEX quarantine_discarded ON sluice.quarantine (mapping_id, source_id) WHERE closed_as = 'discarded';
UPDATE sluice.record r SET hash = '11111111-1111-1111-1111-111111111111' FROM sluice.quarantine q
WHERE q.closed_at IS NULL AND r.mapping_id = q.mapping_id AND r.source_id = q.source_id;
COMMENT ON COLUMN sluice.quarantine.record IS 'the record as it came, while the entry is open and no older than privacy.quarantine.retention; json and not jsonb, which refuses U+0000';
COMMENT ON COLUMN sluice.quarantine.closed_as IS 'loaded: it was taken later; discarded: by a person; deleted: it is gone from the source; left_out: a rule leaves it out now, a newer state of it is here, or a reading of everything has not met it';
COMMENT ON COLUMN sluice.quarantine.sealed IS 'the record, encrypted, where privacy.quarantine.record says so';
COMMENT ON COLUMN sluice.quarantine.record_hash IS 'of the record as it came: tells whether it has changed, also when it is not kept';

CREATE TABLE sluice.source_object (
  object text PRIMARY KEY,
  fields jsonb NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE sluice.source_object IS 'The fields of each object as the org described them in the last run';

CREATE TABLE sluice.org (
  project text PRIMARY KEY,
  org_id text NOT NULL,
  instance_url text NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE sluice.org IS 'The org that the rows come from: another one''s records must not be mixed with them';
`;
