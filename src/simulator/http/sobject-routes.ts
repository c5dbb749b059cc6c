import type { Value } from '../schema/object-schema.ts';
import { describeGlobal, describeObject } from '../schema/describe.ts';
import { fieldOf, kindOf } from '../schema/object-schema.ts';
import { childRelationsOf } from '../query/rest-query.ts';
import { openQuery } from '../query/open-query.ts';
import { rowPrinter } from '../query/render-json.ts';
import type { Table } from '../data/table.ts';
import type { GivenValues } from '../given-values.ts';
import { limitsBody } from '../limits.ts';
import { jsonBody } from './org-request.ts';
import { notFound, Problem } from './problem.ts';
import { emptyReply, jsonReply, type Reply } from './reply.ts';
import { route, type Call, type Route } from './route.ts';

export const SOBJECT_ROUTES: readonly Route[] = [
  route('GET', /^\/?$/, ({ apiPath }) =>
    jsonReply({ sobjects: `${apiPath}/sobjects`, query: `${apiPath}/query`, limits: `${apiPath}/limits` }),
  ),
  route('GET', /^\/limits\/?$/, ({ org }) => jsonReply(limitsBody(org.limit, org.jobs.all().length))),
  route('GET', /^\/sobjects\/?$/, listObjects),
  route('GET', /^\/sobjects\/(\w+)\/describe\/?$/, describe),
  route('GET', /^\/sobjects\/(\w+)\/(\w+)$/, readRecord),
  route('POST', /^\/sobjects\/(\w+)\/?$/, createRecord),
  route('PATCH', /^\/sobjects\/(\w+)\/(\w+)$/, updateRecord),
  route('DELETE', /^\/sobjects\/(\w+)\/(\w+)$/, deleteRecord),
];

function listObjects({ org, apiPath }: Call): Reply {
  const sobjects = org.data.tables.map(({ schema }) => describeGlobal(schema, apiPath));
  return jsonReply({ encoding: 'UTF-8', maxBatchSize: 200, sobjects });
}

function describe({ org, params, apiPath, request }: Call): Reply {
  const table = visibleTable(org, params[0]);
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  if (since >= org.schema.changedAt.getTime()) return emptyReply(304);
  const children = childRelationsOf(org.data, table).map((relation) => ({
    childSObject: relation.table.schema.name,
    field: relation.lookup.name,
    relationshipName: relation.name,
    cascadeDelete: relation.lookup.cascade === true,
  }));
  return jsonReply(describeObject(table.schema, apiPath, children), 200, {
    'last-modified': org.schema.changedAt.toUTCString(),
  });
}

function readRecord({ org, params, apiPath }: Call): Reply {
  const [object = '', id = ''] = params;
  const table = visibleTable(org, object);
  const index = table.indexOf(id);
  if (index < 0 || table.isPurged(index)) throw notFound();
  if (org.records.get(object, id)?.['IsDeleted'] === true)
    throw new Problem(404, 'ENTITY_IS_DELETED', 'entity is deleted');
  const soql = `SELECT FIELDS(ALL) FROM ${table.schema.name} LIMIT 1`;
  const scope = openQuery({ soql, data: org.data, now: org.now(), deletedToo: false });
  const print = rowPrinter({
    scope,
    apiPath,
    children: () => {
      throw notFound();
    },
  });
  return { ...jsonReply({}), body: print(index) };
}

function createRecord({ org, params, request }: Call): Reply {
  const [object = ''] = params;
  const id = org.records.insert(object, writable(visibleTable(org, object), jsonBody(request)));
  return jsonReply({ id, success: true, errors: [] }, 201);
}

/** Unlike a real org, this one creates the row when the id is not there yet, so that a missing parent can arrive. */
function updateRecord({ org, params, request }: Call): Reply {
  const [object = '', id = ''] = params;
  const values = writable(visibleTable(org, object), jsonBody(request));
  if (org.records.get(object, id) === null) {
    return jsonReply({ id: org.records.insert(object, values, id), success: true, errors: [], created: true }, 201);
  }
  org.records.update(object, id, values);
  return emptyReply();
}

function deleteRecord({ org, params }: Call): Reply {
  const [object = '', id = ''] = params;
  visibleTable(org, object);
  org.records.remove(object, id, { details: true });
  return emptyReply();
}

function noSuchField(table: Table, name: string): Problem {
  return new Problem(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${table.schema.name}`);
}

/** @throws Problem NOT_FOUND, for a hidden object too */
function visibleTable(org: Call['org'], object = ''): Table {
  const table = org.data.table(object);
  if (table === undefined) throw notFound();
  return table;
}

function writable(table: Table, values: Record<string, unknown>): GivenValues {
  const given: Record<string, Value> = {};
  for (const [name, value] of Object.entries(values)) {
    const field = fieldOf(table.schema, name);
    if (field === undefined && fieldOf(table.whole, name) !== undefined) throw noSuchField(table, name);
    if (field !== undefined && (!field.writable || kindOf(field.type) === 'compound')) {
      throw new Problem(
        400,
        'INVALID_FIELD_FOR_INSERT_UPDATE',
        `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
      );
    }
    const plain =
      value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (!plain) throw new Problem(400, 'JSON_PARSER_ERROR', `Cannot deserialize ${name}`);
    given[name] = value;
  }
  return given;
}
