import { columnType, isNumber, rangeCheck, typeText } from './column-type.ts';
import type { ProblemSink } from './rules.ts';
import type { TableFileColumn } from './schema/table.ts';
import type { Column, Reference } from './table.ts';
import { misfit } from './value-fits.ts';
import type { YamlFile } from './yaml-file.ts';

/** The primary key that a table gets when its file names none. */
export function implicitId(name: string): Column {
  return {
    name,
    type: { kind: 'integer' },
    required: true,
    generated: true,
    default: null,
    references: null,
    unique: false,
    index: false,
    check: null,
    owner: 'sync',
    touch: null,
    pii: false,
    description: '',
  };
}

/** One column of a table file. What does not go together is reported, and the column is built all the same. */
export function buildColumn(name: string, written: TableFileColumn, yaml: YamlFile, sink: ProblemSink): Column {
  const kind = columnType(written.type, written.values ?? []);
  const type = written.db_type === undefined ? kind : { ...kind, dbType: written.db_type };
  const wrong = (key: string, message: string, suggestion: string | null = null): void =>
    sink.report('column-type', yaml.at(['columns', name, key]), message, suggestion);

  if (type.kind === 'enum' && written.values === undefined) wrong('type', `The enum "${name}" needs \`values\`.`);
  if (type.kind !== 'enum' && written.values !== undefined)
    wrong('values', `Only an enum has \`values\`; "${name}" is ${typeText(type)}.`);
  if (type.kind === 'numeric' && type.precision !== null && (type.scale ?? 0) > type.precision)
    wrong('type', 'The scale is larger than the precision.');
  if (written.touch !== undefined && type.kind !== 'timestamp') wrong('touch', 'Only a timestamp can be touched.');
  const check = written.check === undefined ? null : rangeCheck(written.check);
  if (written.check !== undefined) {
    if (check === null)
      wrong(
        'check',
        'This is not a range that a number can be in.',
        'Write "between 0 and 12", ">= 0" or "> 0 and < 10".',
      );
    if (!isNumber(type)) wrong('check', `Only a number has a range; "${name}" is ${typeText(type)}.`);
  }
  const fallback = written.default ?? null;
  if (fallback !== null && !(fallback === 'now' && (type.kind === 'timestamp' || type.kind === 'date'))) {
    const reason = misfit(String(fallback), { type, check });
    if (reason !== null) wrong('default', `The default ${reason}.`);
  }
  if (fallback !== null && written.db_default !== undefined)
    wrong('db_default', 'A column has one default: keep `default` or `db_default`.');
  if (written.on_delete === 'set_null' && written.required)
    wrong('on_delete', 'A required column cannot be set to null.');
  return {
    name,
    type,
    required: written.required,
    generated: written.generated,
    default: fallback,
    ...(written.db_default === undefined ? {} : { dbDefault: written.db_default }),
    references: reference(written),
    unique: written.unique,
    index: written.index,
    check,
    owner: written.owner,
    touch: written.touch ?? null,
    pii: written.pii,
    description: written.description ?? '',
  };
}

function reference({ references, on_delete }: TableFileColumn): Reference | null {
  if (references === undefined) return null;
  const [table = '', column = ''] = references.split('.');
  return { table, column, onDelete: on_delete };
}
