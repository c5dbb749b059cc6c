import type { Mapping } from '../config/mapping.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { formatSoql } from '../soql/format.ts';
import { parseSoql } from '../soql/parse.ts';
import { withCondition, withFields, withLimit, withOrderBy } from '../soql/rewrite.ts';
import { inLists } from './in-lists.ts';
import { fieldReader } from './rest-values.ts';

/**
 * Asks which of these records the mapping's query means: one call for 200.
 * @returns their ids
 */
export async function askInScope(
  { source }: Mapping,
  ids: readonly string[],
  { salesforce, signal }: { readonly salesforce: Salesforce; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const query = withOrderBy(withLimit(withFields(parseSoql(source.soql), ['Id']), null), null);
  const read = fieldReader('Id');
  const found: string[] = [];
  for (const list of inLists(ids)) {
    const soql = formatSoql(withCondition(query, `Id IN ${list}`));
    for await (const { records } of salesforce.restQuery({ soql }, signal)) {
      found.push(...records.map((record) => toSalesforceId(read(record)) ?? ''));
    }
  }
  return found;
}
