import type { RuleSpec } from './rule-spec.ts';

/** Problems in mappings/tests. They stop no run. */
export const CASE_RULES = {
  'case-field': {
    severity: 'error',
    what: 'A field in a case of mappings/tests that the mapping does not read.',
    fix: 'Correct the name, or select the field.',
  },
  'case-answer': {
    severity: 'error',
    what: 'Answers in a case for a lookup or resolver that the mapping does not ask.',
    fix: 'Correct the name.',
  },
  'case-row': {
    severity: 'error',
    what: 'A row in a case with a table or column that the mapping does not fill.',
    fix: 'Correct the name; a table that is no child table has one row, without a list.',
  },
  'case-expects': {
    severity: 'error',
    what: 'A case that expects nothing, two ends at once, or a code, reason or place that does not exist.',
    fix: 'A record is loaded (`rows`), left out (`skipped`) or refused (`quarantined`); `warnings` go with any.',
  },
} as const satisfies Record<string, RuleSpec>;
