/**
 * What the whole mapping language needs: records of files have ids of any length; several records may meet in one row;
 * records are left out for reasons.
 */
export const WHOLE_LANGUAGE = `
ALTER TABLE sluice.record ALTER COLUMN source_id TYPE text COLLATE "C";
ALTER TABLE sluice.waiting_link ALTER COLUMN source_id TYPE text COLLATE "C";
ALTER TABLE sluice.record ADD COLUMN row_id text, ADD COLUMN holds boolean NOT NULL DEFAULT false;
CREATE INDEX record_row ON sluice.record (mapping_id, row_id) WHERE row_id IS NOT NULL;
COMMENT ON COLUMN sluice.record.row_id IS 'primary key of the row, as text, where several records may meet in one row; null for all others';
COMMENT ON COLUMN sluice.record.holds IS 'true for the one of these records that the row shows';
ALTER TABLE sluice.step ADD COLUMN skipped jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN sluice.step.skipped IS 'how many records were left out, by the reason that the YAML gives: {"lead": 12}';
`;
