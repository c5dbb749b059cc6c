/** What is known of a mapping's records is known of the rows in one schema, and of no others. */
export const SCHEMA_OF_ROWS = `
ALTER TABLE sluice.mapping ADD COLUMN target_schema text;
COMMENT ON COLUMN sluice.mapping.target_schema IS 'where its rows are; null until a run has said so';
`;
