/** A mapping's name stands for one import of one project; and runs are forgotten when they are old. */
export const IMPORTS_AND_THEIR_PROJECTS = `
ALTER TABLE sluice.mapping
  ADD COLUMN project text,
  ADD COLUMN former_projects text[] NOT NULL DEFAULT '{}',
  ADD COLUMN import jsonb;
COMMENT ON COLUMN sluice.mapping.project IS 'whose run it was last; null until a run has said so';
COMMENT ON COLUMN sluice.mapping.former_projects IS 'names that this project has had before';
COMMENT ON COLUMN sluice.mapping.import IS 'what its name stands for: {"object": ..., "filter": a hash, "tables": [...]}';
`;
