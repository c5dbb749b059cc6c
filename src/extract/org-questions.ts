import type { SideLookup } from '../config/mapping.ts';
import { SyncError } from '../errors/sync-error.ts';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import type { RestRecord } from '../salesforce/rest-query.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { formatSoql } from '../soql/format.ts';
import { parseSoql } from '../soql/parse.ts';
import { selectedPaths } from '../soql/paths.ts';
import { withCondition, withOrderBy } from '../soql/rewrite.ts';
import { bindIds } from './bind-ids.ts';
import { inLists } from './in-lists.ts';
import { fieldReader, type ReadField } from './rest-values.ts';

export interface OrgQuestionsDeps {
  /** Connects when first asked for. */
  readonly salesforce: () => Promise<Salesforce>;
  readonly signal: AbortSignal;
  /** Answers that are remembered; beyond that the oldest go. */
  readonly remembered?: number;
}

/** A record of the answer by the paths of the SELECT, as written there; null for what the org leaves empty. */
export type AnswerRow = Readonly<Record<string, string | null>>;

const REMEMBERED = 50_000;

/** What a step asks the org beside its own query, by REST and in lists of 200. One for each step: answers age. */
export class OrgQuestions {
  readonly #deps: OrgQuestionsDeps;
  /** By lookup and input; null for an input that the org does not know. The oldest first. */
  readonly #known = new Map<string, string | null>();

  constructor(deps: OrgQuestionsDeps) {
    this.#deps = deps;
  }

  /**
   * Looks values up by a side query of the mapping. Texts are equal as the org has it, without regard to case; of
   * several records, the one with the lowest Id that has a value answers.
   * @returns a value for each input, in their order; null for blank ones and those that the org does not know
   */
  async lookUp(lookup: SideLookup, inputs: readonly (string | null)[]): Promise<readonly (string | null)[]> {
    const keyOf = (input: string): string => `${lookup.name} ${input}`;
    const wanted = new Set(inputs.filter((input) => input !== null && !this.#known.has(keyOf(input))));
    const found = await this.#ask(lookup, [...wanted]);
    const values = inputs.map((input) => {
      if (input === null) return null;
      return wanted.has(input) ? found(input) : (this.#known.get(keyOf(input)) ?? null);
    });
    for (const input of wanted) if (input !== null) this.#known.set(keyOf(input), found(input));
    this.#forgetOldest();
    return values;
  }

  /**
   * Asks a query of a plugin's resolver; see QueryOrg there.
   * @throws SyncError ORG_QUERY_REFUSED when it is none
   */
  async query(soql: string, ids?: readonly (string | null)[]): Promise<readonly AnswerRow[]> {
    const queries = bindIds(soql, ids ?? null);
    const [first] = queries;
    if (first === undefined) return [];
    const paths = selectedPaths(parseSoql(first));
    const readers = paths.map((path) => [path, fieldReader(path)] as const);
    const records = await this.#records(queries, 'a query of a plugin');
    return records.map((record) => Object.fromEntries(readers.map(([path, read]) => [path, read(record) || null])));
  }

  async #ask(lookup: SideLookup, inputs: readonly (string | null)[]): Promise<(input: string) => string | null> {
    const { name, object, by, value, where } = lookup;
    const select = parseSoql(
      `SELECT ${by.toLowerCase() === value.toLowerCase() ? by : `${by}, ${value}`} FROM ${object}`,
    );
    const filtered = withOrderBy(where === null ? select : withCondition(select, where), 'Id');
    const queries = inLists(inputs).map((list) => formatSoql(withCondition(filtered, `${by} IN ${list}`)));
    const records = await this.#records(queries, `the side query ${name}`);
    return answersOf(records, fieldReader(by), fieldReader(value));
  }

  async #records(queries: readonly string[], what: string): Promise<readonly RestRecord[]> {
    if (queries.length === 0) return [];
    const salesforce = await this.#deps.salesforce();
    // The dock holds back what would be too many requests at once.
    const answers = await Promise.all(queries.map(async (soql) => this.#all(soql, salesforce, what)));
    return answers.flat();
  }

  async #all(soql: string, salesforce: Salesforce, what: string): Promise<readonly RestRecord[]> {
    const records: RestRecord[] = [];
    try {
      for await (const page of salesforce.restQuery({ soql }, this.#deps.signal)) records.push(...page.records);
    } catch (error) {
      throw withoutQuery(error, what);
    }
    return records;
  }

  #forgetOldest(): void {
    const most = this.#deps.remembered ?? REMEMBERED;
    for (const key of this.#known.keys()) {
      if (this.#known.size <= most) return;
      this.#known.delete(key);
    }
  }
}

/** Finds answers by input: as written, as the id that it is short for, or in other case. */
function answersOf(records: readonly RestRecord[], by: ReadField, value: ReadField): (input: string) => string | null {
  const exact = new Map<string, string>();
  const folded = new Map<string, string>();
  for (const record of records) {
    const answer = value(record);
    if (answer === '') continue;
    const key = by(record);
    if (!exact.has(key)) exact.set(key, answer);
    if (!folded.has(fold(key))) folded.set(fold(key), answer);
  }
  return (input) => exact.get(input) ?? exact.get(toSalesforceId(input) ?? '') ?? folded.get(fold(input)) ?? null;
}

/** The org ignores spaces at the end, too. */
function fold(text: string): string {
  return text.trimEnd().toLowerCase();
}

/** The org quotes the query that it refuses, and these hold values of records. */
function withoutQuery(error: unknown, what: string): unknown {
  if (!(error instanceof SyncError) || error.details?.['errorCode'] === undefined) return error;
  const { status, errorCode } = error.details;
  const said = typeof errorCode === 'string' && errorCode !== '' ? errorCode : `HTTP ${String(status)}`;
  return new SyncError(error.code, `the org refuses ${what}: ${said}`, { details: { status, errorCode } });
}
