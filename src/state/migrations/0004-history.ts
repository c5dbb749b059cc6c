/**
 * Before-images of the rows that runs change. The function is called by triggers that a run of a project with a history
 * puts on its target tables, and only where the run's transaction says so: see src/load/row-images.ts.
 *
 * No foreign key to `sluice.run`: checking it for each row would cost more than writing the row.
 */
export const HISTORY = `
ALTER TABLE sluice.run
  ADD COLUMN keeps_history boolean NOT NULL DEFAULT false,
  ADD COLUMN reverted_by uuid;
COMMENT ON COLUMN sluice.run.keeps_history IS 'true while every row that the run changed is in row_change';
COMMENT ON COLUMN sluice.run.reverted_by IS 'the run that has undone this one';

CREATE TABLE sluice.row_change (
  run_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  table_name text NOT NULL,
  row_key jsonb NOT NULL,
  before jsonb,
  after jsonb,
  PRIMARY KEY (run_id, id)
);
COMMENT ON TABLE sluice.row_change IS 'Rows as they were before a run changed them, and after, where the project keeps a history: personal values are in it';
COMMENT ON COLUMN sluice.row_change.table_name IS 'with its schema, quoted as SQL needs it';
COMMENT ON COLUMN sluice.row_change.before IS 'null for an inserted row';
COMMENT ON COLUMN sluice.row_change.after IS 'null for a deleted row';

CREATE FUNCTION sluice.keep_row_changes() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
  run uuid := current_setting('sluice.run_id');
  changed text := format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME);
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO sluice.row_change (run_id, table_name, row_key, after)
    SELECT run, changed, (SELECT jsonb_object_agg(name, n.image -> name) FROM unnest(TG_ARGV) AS name), n.image
    FROM (SELECT to_jsonb(r) AS image FROM new_rows r) n;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO sluice.row_change (run_id, table_name, row_key, before)
    SELECT run, changed, (SELECT jsonb_object_agg(name, o.image -> name) FROM unnest(TG_ARGV) AS name), o.image
    FROM (SELECT to_jsonb(r) AS image FROM old_rows r) o;
  ELSE
    INSERT INTO sluice.row_change (run_id, table_name, row_key, before, after)
    SELECT run, changed, row_key, o.image, n.image
    FROM (
      SELECT i.image, (SELECT jsonb_object_agg(name, i.image -> name) FROM unnest(TG_ARGV) AS name) AS row_key
      FROM (SELECT to_jsonb(r) AS image FROM old_rows r) i
    ) o
    FULL JOIN (
      SELECT i.image, (SELECT jsonb_object_agg(name, i.image -> name) FROM unnest(TG_ARGV) AS name) AS row_key
      FROM (SELECT to_jsonb(r) AS image FROM new_rows r) i
    ) n USING (row_key)
    WHERE o.image IS DISTINCT FROM n.image;
  END IF;
  RETURN NULL;
END
$function$;
COMMENT ON FUNCTION sluice.keep_row_changes IS 'Trigger of target tables; its arguments name the primary key columns';

CREATE FUNCTION sluice.keep_holder() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  INSERT INTO sluice.row_change (run_id, table_name, row_key, before, after)
  VALUES (current_setting('sluice.run_id')::uuid, 'sluice.record',
    jsonb_build_object('mapping_id', OLD.mapping_id, 'source_id', OLD.source_id),
    jsonb_build_object('row_id', OLD.row_id, 'holds', OLD.holds),
    jsonb_build_object('row_id', NEW.row_id, 'holds', NEW.holds));
  RETURN NULL;
END
$function$;
COMMENT ON FUNCTION sluice.keep_holder IS 'Trigger of sluice.record: which row a record that shares it with others became, and whether the row shows it';
`;
