import { fillings, inputFields } from '../config/column-inputs.ts';
import type { ColumnMapping, TableMapping } from '../config/mapping.ts';
import type { Problem } from '../config/problem.ts';
import type { ColumnType } from '../config/table.ts';
import { type Held, looksPersonal } from '../privacy/personal-names.ts';
import type { CheckedFile } from '../config/checked-file.ts';
import type { ProjectFile } from '../config/schema/project.ts';
import { columnPath, type LintedMapping } from './linted-mapping.ts';
import { finding } from './rules.ts';

const HELD: Partial<Readonly<Record<ColumnType['kind'], Held>>> = { boolean: 'mark', date: 'time', timestamp: 'time' };

const PERSONS = new Set(['contact', 'lead', 'user']);

/** Personal fields that end in columns which are not marked so, and personal columns that reports would show. */
export function privacyProblems(linted: LintedMapping, project: CheckedFile<ProjectFile> | null): readonly Problem[] {
  const { mapping, file } = linted;
  const revealed = project?.value.privacy.reveal ?? [];
  const isPerson = PERSONS.has(mapping.source.object.toLowerCase());
  return mapping.tables.flatMap((mapped) =>
    mapped.columns.flatMap((column): Problem[] => {
      const fields = fieldsOf(mapped, column);
      const name = `${mapped.table.name}.${column.column.name}`;
      // Of other objects only a person can tell, and the id of a parent says nothing by itself.
      const personal =
        isPerson && column.link === null ? fields.find((field) => feedsPersonal(field, column)) : undefined;
      const place = mapped.role === 'child' ? column.position : file.yaml.keyAt(columnPath(mapped, column));
      const unmarked =
        personal !== undefined && !column.column.pii
          ? [
              finding(
                'pii-unmarked',
                place,
                `"${name}" takes ${personal}, but is not marked as personal.`,
                `Add \`pii: true\` in ${mapped.table.file}.`,
              ),
            ]
          : [];
      const shown = column.column.pii
        ? revealed.findIndex((field) => fields.some((own) => own.toLowerCase() === field.toLowerCase()))
        : -1;
      const found = [...unmarked, ...namedByPerson(linted, mapped, column)];
      if (shown < 0 || project === null) return found;
      const said = `${revealed[shown] ?? ''} feeds the personal column "${name}".`;
      return [...found, finding('revealed-personal', project.yaml.at(['privacy', 'reveal', shown]), said)];
    }),
  );
}

function feedsPersonal(field: string, { column }: ColumnMapping): boolean {
  const path = field.split('.');
  return looksPersonal(path.at(-1) ?? '', HELD[column.type.kind] ?? 'text', path.length === 1);
}

/** Lists and logs name a record by its id; a line of a file has what the mapping says. */
function namedByPerson({ mapping, file }: LintedMapping, mapped: TableMapping, column: ColumnMapping): Problem[] {
  const fields = fieldsOf(mapped, column);
  const id = column.column.pii ? mapping.source.file?.id.find((header) => fields.includes(header)) : undefined;
  if (id === undefined) return [];
  const name = `${mapped.table.name}.${column.column.name}`;
  const said = `Lists and logs name a record by its id, and ${id} feeds the personal column "${name}".`;
  const hint = 'Tell the lines apart by a number, or by a key that says nothing of the person.';
  return [finding('revealed-personal', file.yaml.at(['source', 'id']), said, hint)];
}

function fieldsOf(table: TableMapping, column: ColumnMapping): readonly string[] {
  return fillings(table, column).flatMap(({ input }) => inputFields(input));
}

/** Credentials sent in the clear, other than to this machine. */
export function loginProblems(project: CheckedFile<ProjectFile> | null): readonly Problem[] {
  const url = project?.value.salesforce.login_url ?? '';
  if (project === null || !/^http:\/\/(?!localhost\b|127\.|\[::1\])/iu.test(url)) return [];
  return [
    finding(
      'insecure-login',
      project.yaml.at(['salesforce', 'login_url']),
      'The login is not encrypted.',
      'Use https://.',
    ),
  ];
}
