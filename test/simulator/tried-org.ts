import { generateObjects } from '../../src/simulator/data/generate.ts';
import { OrgData } from '../../src/simulator/data/org-data.ts';
import { sizesOf, type SizeOptions } from '../../src/simulator/data/sizes.ts';
import { openQuery } from '../../src/simulator/query/open-query.ts';
import { restQuery } from '../../src/simulator/query/rest-query.ts';
import { fieldOf, type Value } from '../../src/simulator/schema/object-schema.ts';

/** The data of an org, asked without a server. */
export interface TriedOrg {
  readonly data: OrgData;
  readonly count: (object: string, condition?: string) => number;
  /** The records of a query, as REST gives them. */
  readonly rows: (soql: string) => Record<string, unknown>[];
  /** One field of all students, in the org's order. */
  readonly students: (field: string) => Value[];
}

export function orgOf(options: SizeOptions = {}, seed = 1): TriedOrg {
  const sizes = sizesOf(options);
  const data = new OrgData(generateObjects(sizes, seed));
  const run = (soql: string): ReturnType<typeof restQuery> =>
    restQuery(openQuery({ soql, data, now: new Date(), deletedToo: false }), '');
  const contacts = data.table('Contact');
  return {
    data,
    count: (object, condition = 'Id != null') => run(`SELECT COUNT() FROM ${object} WHERE ${condition}`).totalSize,
    rows: (soql) => {
      const result = run(soql);
      return Array.from({ length: result.records }, (_, at) => JSON.parse(result.print(at)) as Record<string, unknown>);
    },
    students: (field) => {
      const schema = contacts && fieldOf(contacts.schema, field);
      const column = schema && contacts.column(schema);
      return Array.from({ length: sizes.students }, (_, index) => column?.(index) ?? null);
    },
  };
}
