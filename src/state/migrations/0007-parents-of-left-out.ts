/** Each run asks which of the parents have come that left-out records lack: of hundreds of thousands that is a look at few. */
export const PARENTS_OF_LEFT_OUT = `
CREATE INDEX left_out_parent ON sluice.left_out (mapping_id, link, parent_ref);
`;
