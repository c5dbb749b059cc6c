import * as Args from '@oclif/core/args';
import { BaseCommand } from '../../base-command.ts';
import { printRows, ROW_FLAGS } from '../../rows.ts';
import { instant } from '../../text.ts';
import { chosenMappings } from '../../chosen-mappings.ts';

interface MappingState {
  readonly mapping: string;
  readonly watermark: string | null;
  readonly full_read_at: string | null;
  /** Why the next run reads everything; null when it reads what has changed. */
  readonly reads_everything: string | null;
}

export default class StateShow extends BaseCommand {
  static override summary = 'Show how far each mapping has been read, and what the next run will read.';
  static override description =
    'A watermark is a time by the clock of the org: everything that was changed before is here, or in quarantine, or ' +
    'waiting. The next run reads from a little before it.';
  static override examples = ['<%= config.bin %> state show', '<%= config.bin %> state show students --json'];
  static override strict = false;
  static override args = { mapping: Args.string({ description: 'Only these mappings.' }) };
  static override flags = { ...ROW_FLAGS };

  async run(): Promise<readonly MappingState[]> {
    const { argv, flags } = await this.parse(StateShow);
    const app = await this.openApp(flags);
    const mappings = chosenMappings(app.project, argv.map(String));
    const { listWatermarks } = await import('../../../state/watermarks.ts');
    const marks = await listWatermarks(
      await app.state(),
      mappings.map(({ name }) => name),
    );
    const rows = mappings.map(({ name, incremental, version }): MappingState => {
      const mark = marks.get(name);
      const reason =
        incremental === null
          ? 'in every run'
          : mark === undefined
            ? 'never read to its end'
            : (mark.readAgain ?? (mark.version === version ? null : 'the mapping has changed'));
      return {
        mapping: name,
        watermark: mark?.value ?? null,
        full_read_at: mark?.fullReadAt ?? null,
        reads_everything: reason,
      };
    });
    if (!this.jsonEnabled()) printRows({ rows, columns: COLUMNS, format: flags.format }, flags['output-file']);
    return rows;
  }
}

const COLUMNS = {
  mapping: (row: MappingState) => row.mapping,
  watermark: (row: MappingState) => instant(row.watermark),
  'all read': (row: MappingState) => instant(row.full_read_at),
  'next run reads': (row: MappingState) =>
    row.reads_everything === null ? 'what has changed' : `everything: ${row.reads_everything}`,
};
