import type { Project } from '../config/project.ts';
import type { ObjectDescription } from '../salesforce/describe.ts';
import { chooseFields, type LeftOut, type Wanted } from './choose-fields.ts';
import { draftColumns } from './draft-columns.ts';
import type { DraftField } from './draft-field.ts';
import type { DraftNames } from './draft-names.ts';
import { mapText } from './map-text.ts';
import { mappingText } from './mapping-text.ts';
import { NameBook } from './names.ts';
import { type ParentTable, parentTables } from './parents.ts';
import { isAboutPeople, isPersonalField } from './personal.ts';
import { tableText } from './table-text.ts';
import type { DraftMap } from './value-map.ts';

/** The files of a new import, as texts. Nothing is written yet. */
export interface Draft {
  readonly object: string;
  readonly mapping: string;
  readonly table: string;
  readonly phase: string;
  /** Paths relative to the project folder; the mapping first, then the table, then the maps. */
  readonly files: readonly DraftFile[];
  /** How many fields are read, the id and the time of the last change left aside. */
  readonly fields: number;
  readonly links: readonly { readonly column: string; readonly table: string }[];
  readonly personal: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

export interface DraftFile {
  readonly path: string;
  readonly text: string;
}

export interface DraftRequest {
  readonly description: ObjectDescription;
  readonly wanted: Wanted;
  readonly names: DraftNames;
}

/** Columns that every drafted table has, beside those of the fields. */
const OWN_COLUMNS = ['id', 'salesforce_id', 'created_at', 'updated_at'];

/**
 * Drafts an import of one object from what the org says about it: a mapping, a table and value maps that lint has
 * nothing against and that run as they stand.
 * @throws SyncError ORG_FIELD_MISSING for a field that is wanted by name and not there
 */
export function draftImport({ description, wanted, names }: DraftRequest, project: Project): Draft {
  const { fields, leftOut } = chooseFields(description, wanted);
  const aboutPeople = isAboutPeople(description);
  const book = new NameBook(OWN_COLUMNS);
  const mapNames = new NameBook([]);
  const own: ParentTable = { table: names.table, key: 'id', type: 'integer' };
  const drafted = fields.map((field) =>
    draftColumns(field, {
      table: names.table,
      names: book,
      mapNames,
      isPersonal: (one) => isPersonalField(one, aboutPeople),
      parents: (object) => (object === description.name ? [own] : parentTables(object, project, names.mapping)),
    }),
  );
  const columns = drafted.flatMap((one) => one.columns);
  const maps = drafted.flatMap(({ map }) => map ?? []);
  return {
    object: description.name,
    ...names,
    files: [
      {
        path: `mappings/${names.mapping}.yaml`,
        text: mappingText({ description, names, fields, columns, leftOut, aboutPeople }),
      },
      { path: `mappings/tables/${names.table}.yaml`, text: tableText(description, names.table, columns) },
      ...maps.map((map: DraftMap) => ({ path: `mappings/maps/${map.name}.yaml`, text: mapText(map) })),
    ],
    fields: fields.length,
    links: drafted.flatMap(linkOf),
    personal: columns.filter(({ column }) => column['pii'] === true).map(({ name }) => name),
    leftOut,
  };
}

function linkOf({ columns: [first], link }: DraftField): { column: string; table: string }[] {
  return first === undefined || link === null ? [] : [{ column: first.name, table: link }];
}
