/**
 * Why one record, or one value of it, could not be taken. These are values, not exceptions: a record's trouble never
 * stops its neighbours. Codes are stable; quarantine, reports and `--json` carry them.
 */
export const ROW_CODES = {
  MISSING_SF_ID: 'The record has no valid Salesforce id. Check that the SOQL selects Id.',
  MISSING_REQUIRED_FIELD: 'A required value is blank. Fill it in Salesforce, or give the column an on_null default.',
  INVALID_DATE: 'The value is not a date. Correct it in Salesforce, or set on_invalid for the column.',
  INVALID_NUMBER: 'The value is not a number. Correct it in Salesforce, or set on_invalid for the column.',
  INVALID_BOOLEAN: 'The value is neither true nor false. Correct it, or add a transform.',
  INVALID_ENUM: 'The value is not in the map or the list of allowed values. Extend mappings/maps, or set on_unknown.',
  INVALID_EMAIL: 'The value is not an e-mail address. Correct it in Salesforce, or set on_invalid for the column.',
  INVALID_PHONE: 'The value is not a phone number. Correct it in Salesforce, or set on_invalid for the column.',
  INVALID_FORMAT: 'The value does not have the declared format. Correct it, or set on_invalid for the column.',
  INVALID_TEXT: 'The text holds bytes that no database accepts. Correct it in Salesforce.',
  INVALID_LINE: 'The line has more or fewer values than the header of its file, or a stray quote. Correct the file.',
  VALUE_TOO_LONG: 'The text is longer than the column. Widen the column in the table file, or add truncate.',
  OUT_OF_RANGE: 'The number or date is outside the allowed range. Correct it, or set on_invalid for the column.',
  FK_NOT_FOUND: 'The record it refers to is not here. Load the parent first, or choose on_missing: wait.',
  PARENT_NOT_FOUND: 'The record cannot be written before its parent is here. It is retried in every run.',
  DUPLICATE_RECORD: 'Another row already holds this unique value. Merge the two in Salesforce, or change the key.',
  DB_CONSTRAINT: 'A check in the database refused the row. Compare the constraint with the data.',
  DB_INTEGRITY: 'A rule or trigger in the database refused the row. Ask who owns that trigger.',
  RULE_FAILED: 'A rule in the mapping refused the record. Correct the data or the rule.',
  TRANSFORM_FAILED: 'A transform could not handle the value. Correct the value, or the transform.',
} as const satisfies Record<string, string>;

export type RowCode = keyof typeof ROW_CODES;
