import { once } from 'node:events';
import { open } from 'node:fs/promises';
import * as Flags from '@oclif/core/flags';
import { ROW_CODES } from '../../../errors/row-codes.ts';
import { SyncError } from '../../../errors/sync-error.ts';
import type { QuarantinedRecord } from '../../../state/quarantine-entries.ts';
import { BaseCommand } from '../../base-command.ts';
import { ENTRY_FLAGS, filterOf } from '../../quarantine-flags.ts';
import { refuseUnknownMapping } from '../../refuse-unknown.ts';
import { type Cell, csvCell } from '../../rows.ts';
import { counted } from '../../text.ts';

type Exported = QuarantinedRecord & { readonly next: string };

export default class QuarantineExport extends BaseCommand {
  static override summary = 'Write all quarantined records to a list, with reason, field and next step.';
  static override description =
    'Values are personal, so only their kind and rough length are written, except those that privacy.reveal in the ' +
    'project file names. With --reveal-pii all values are written as they came. A file is made for its owner only.';
  static override examples = [
    '<%= config.bin %> quarantine export --output-file quarantine.csv',
    '<%= config.bin %> quarantine export --select students --format json',
  ];
  static override flags = {
    ...ENTRY_FLAGS,
    all: Flags.boolean({ summary: 'Also entries that are closed: loaded since, discarded, or gone.' }),
    format: Flags.option({
      options: ['csv', 'json'] as const,
      default: 'csv' as const,
      summary: 'How it is written.',
    })(),
    'output-file': Flags.string({ summary: 'Write to this file instead of standard output.' }),
    'reveal-pii': Flags.boolean({ summary: 'Write the values, which are personal.' }),
  };

  async run(): Promise<{ readonly exported: number; readonly entries?: readonly Exported[] }> {
    const { flags } = await this.parse(QuarantineExport);
    const app = await this.openApp(flags);
    const { countQuarantine, everyQuarantined } = await import('../../../state/quarantine-entries.ts');
    const reveal = flags['reveal-pii'] ? 'all' : new Set(app.project.privacy.reveal);
    if (flags['reveal-pii']) app.log.warn('quarantined records exported with their values');
    const filter = { ...filterOf(flags), closed: flags.all };
    const database = await app.state();
    if (flags.select !== undefined) {
      refuseUnknownMapping(app.project, flags.select, await countQuarantine(database, filter));
    }
    const pages = withNextStep(everyQuarantined(database, filter, { reveal, keeping: app.keeping }));
    const file = flags['output-file'];
    const entries: Exported[] = [];
    let exported = 0;
    // Programs get one object: then the entries are in it, unless they go to a file.
    const collect = this.jsonEnabled() && file === undefined;
    const write = collect ? null : await openOutput(file);
    try {
      for await (const text of collect ? [] : textOf(pages, flags.format, (count) => (exported += count))) {
        await write?.text(text);
      }
    } finally {
      await write?.close();
    }
    if (collect) for await (const page of pages) entries.push(...page);
    if (collect) exported = entries.length;
    if (file !== undefined) this.tell(`${counted(exported, 'record')} in ${file}`);
    return collect ? { exported, entries } : { exported };
  }
}

async function* withNextStep(
  pages: AsyncIterable<readonly QuarantinedRecord[]>,
): AsyncGenerator<readonly Exported[], void, undefined> {
  for await (const page of pages) yield page.map((entry) => ({ ...entry, next: ROW_CODES[entry.code] }));
}

async function* textOf(
  pages: AsyncIterable<readonly Exported[]>,
  format: 'csv' | 'json',
  onPage: (entries: number) => void,
): AsyncGenerator<string, void, undefined> {
  let isFirst = true;
  yield format === 'csv' ? line(Object.keys(COLUMNS)) : '[';
  for await (const page of pages) {
    onPage(page.length);
    if (format === 'csv') yield page.map((entry) => line(Object.values(COLUMNS).map((cell) => cell(entry)))).join('');
    else yield `${isFirst ? '' : ','}\n${page.map((entry) => JSON.stringify(entry)).join(',\n')}`;
    isFirst = false;
  }
  if (format === 'json') yield '\n]\n';
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

const COLUMNS: Readonly<Record<string, (entry: Exported) => Cell>> = {
  id: ({ id }) => Number(id),
  mapping: ({ mapping }) => mapping,
  record: ({ source_id: sourceId }) => sourceId,
  code: ({ code }) => code,
  column: ({ column }) => column,
  field: ({ field }) => field,
  value: ({ field, record }) => (field === null ? null : (record?.[field] ?? null)),
  rule: ({ rule }) => rule,
  next: ({ next }) => next,
  attempts: ({ attempts }) => attempts,
  first_seen: (entry) => entry.first_seen_at,
  last_seen: (entry) => entry.last_seen_at,
  closed: (entry) => entry.closed_at,
  closed_as: (entry) => entry.closed_as,
  first_run: (entry) => entry.first_run_id,
  last_run: (entry) => entry.last_run_id,
  fields: ({ record }) => (record === null ? null : JSON.stringify(record)),
};

interface Output {
  text(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Waits for whoever reads, so that a long list is never in memory. */
async function openOutput(file: string | undefined): Promise<Output> {
  if (file === undefined) {
    return {
      text: async (text) => {
        if (!process.stdout.write(text)) await once(process.stdout, 'drain');
      },
      close: async () => undefined,
    };
  }
  try {
    const handle = await open(file, 'w', 0o600);
    await handle.chmod(0o600);
    return {
      text: async (text) => handle.writeFile(text),
      close: () => handle.close(),
    };
  } catch (cause) {
    throw new SyncError('USAGE_INVALID', `The file ${file} cannot be written.`, { cause });
  }
}
