import type { Mapping } from '../../../config/mapping.ts';
import { BaseCommand } from '../../base-command.ts';
import { printRows, ROW_FLAGS } from '../../rows.ts';

interface MappingRow {
  readonly name: string;
  /** The mapping file whose sources this one is one of; null when it is the only one. */
  readonly group: string | null;
  readonly description: string;
  readonly object: string;
  readonly tables: readonly string[];
  readonly phases: readonly string[];
  readonly tags: readonly string[];
  readonly file: string;
}

export default class MappingList extends BaseCommand {
  static override summary = 'List the mappings with their objects, tables, phases and tags.';
  static override examples = ['<%= config.bin %> mapping list'];
  static override flags = ROW_FLAGS;

  async run(): Promise<readonly MappingRow[]> {
    const { flags } = await this.parse(MappingList);
    const { readProject } = await import('../../../app.ts');
    const project = await readProject(flags.config ?? null);
    const rows = project.mappings.map(rowOf);
    if (!this.jsonEnabled()) printRows({ rows, columns: COLUMNS, format: flags.format }, flags['output-file']);
    return rows;
  }
}

function rowOf({ name, group, description, source, tables, phases, tags, file }: Mapping): MappingRow {
  return {
    name,
    group,
    description,
    object: source.object,
    tables: tables.map(({ table }) => table.name),
    phases: phases.map(({ phase }) => phase),
    tags,
    file,
  };
}

const COLUMNS = {
  mapping: (row: MappingRow) => row.name,
  object: (row: MappingRow) => row.object,
  tables: (row: MappingRow) => row.tables.join(', '),
  phases: (row: MappingRow) => row.phases.join(', '),
  tags: (row: MappingRow) => row.tags.join(', '),
  file: (row: MappingRow) => row.file,
};
