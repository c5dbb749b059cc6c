/** A run that has read an old job's answer may end before it has looked who has gone since. */
export const IDS_DUE = `
ALTER TABLE sluice.watermark ADD COLUMN ids_due boolean NOT NULL DEFAULT false;
`;
