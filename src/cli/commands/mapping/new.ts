import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { Wanted } from '../../../draft/choose-fields.ts';
import type { Draft } from '../../../draft/draft-import.ts';
import type { WrittenFile } from '../../../draft/write-draft.ts';
import { BaseCommand } from '../../base-command.ts';
import { tableText } from '../../rows.ts';
import { counted, nextStepsText } from '../../text.ts';

interface NewMapping extends Omit<Draft, 'files'> {
  readonly written: boolean;
  readonly files: readonly (WrittenFile & { readonly text: string })[];
}

export default class MappingNew extends BaseCommand {
  static override summary =
    'Draft the import of an object from what the org says about it: mapping, table, value maps.';
  static override description =
    'The draft lints clean and runs as it stands; it is meant to be read and changed. Types and lengths come from the ' +
    'org; lookups become links where a table is filled from their object; picklists become value maps; what the org ' +
    'calculates is marked. Nothing that exists is written over without --force.';
  static override examples = [
    '<%= config.bin %> mapping new Campaign',
    '<%= config.bin %> mapping new Campaign --fields Name,Status,StartDate --dry-run',
    '<%= config.bin %> mapping new Order__c --name orders --table customer_order --phase activity',
  ];
  static override args = {
    object: Args.string({ required: true, description: 'API name of the Salesforce object, in any case.' }),
  };
  static override flags = {
    name: Flags.string({ summary: 'Name of the mapping. Default: the object, in the plural.' }),
    table: Flags.string({ summary: 'Name of the table. Default: the object.' }),
    phase: Flags.string({ summary: 'Phase in which it reads. Default: the last one of the project.' }),
    fields: Flags.string({
      multiple: true,
      delimiter: ',',
      summary: 'Only these fields.',
      exclusive: ['all-fields'],
    }),
    'all-fields': Flags.boolean({ summary: 'Also what the org keeps for itself: owner, created by, last viewed, ...' }),
    force: Flags.boolean({ summary: 'Write over files that are there, with whatever was changed in them.' }),
    'dry-run': Flags.boolean({ summary: 'Print the files and write nothing.' }),
  };

  async run(): Promise<NewMapping> {
    const { args, flags } = await this.parse(MappingNew);
    const app = await this.openApp(flags);
    const { describeObject } = await import('../../../draft/describe-object.ts');
    const { draftImport } = await import('../../../draft/draft-import.ts');
    const { draftNames } = await import('../../../draft/draft-names.ts');
    const { plannedFiles, writeDraft } = await import('../../../draft/write-draft.ts');
    const description = await describeObject(await app.salesforce(), args.object, app.signal);
    const asked = { mapping: flags.name ?? null, table: flags.table ?? null, phase: flags.phase ?? null };
    const names = draftNames(description.name, asked, app.project);
    const draft = draftImport({ description, wanted: wantedBy(flags), names }, app.project);
    const dryRun = flags['dry-run'];
    const planned = plannedFiles(draft, app.project.folder, flags.force || dryRun);
    if (!dryRun) await writeDraft(draft, app.project.folder);
    this.print(dryRun ? filesText(draft) : summaryText(draft, planned));
    if (!dryRun) this.tell(nextStepsText(nextSteps(draft.mapping)));
    const files = planned.map((file, index) => ({ ...file, text: draft.files[index]?.text ?? '' }));
    return { ...draft, written: !dryRun, files };
  }
}

function wantedBy({
  fields,
  'all-fields': all,
}: {
  readonly fields?: readonly string[] | undefined;
  readonly 'all-fields': boolean;
}): Wanted {
  if (fields !== undefined) return { kind: 'named', names: fields.map((name) => name.trim()) };
  return { kind: all ? 'all' : 'usual' };
}

function nextSteps(mapping: string): string[] {
  return [
    `sluice plan --select ${mapping}    what a run would write`,
    `sluice run --select ${mapping}     does it`,
    `sluice lint${' '.repeat(mapping.length + 14)}helps while you change the files`,
  ];
}

/** The files as they would be, each under its path. */
function filesText({ files }: Draft): string {
  return files.map(({ path, text }) => `# ${path}\n${text}`).join('\n');
}

function summaryText(draft: Draft, planned: readonly WrittenFile[]): string {
  const { links, personal, leftOut } = draft;
  const notes = [
    ...(links.length === 0 ? [] : [`Linked: ${links.map(({ column, table }) => `${column} to ${table}`).join(', ')}.`]),
    ...(personal.length === 0 ? [] : [`Marked as personal: ${personal.join(', ')}.`]),
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.map(({ field }) => field).join(', ')}.`]),
  ];
  return [
    `${draft.object}: ${counted(draft.fields, 'field')}, in the phase ${draft.phase}.\n\n`,
    tableText(
      ['file', ''],
      planned.map(({ path, action }) => [path, action]),
    ),
    ...(notes.length === 0 ? [] : ['\n', ...notes.map((note) => `${note}\n`)]),
    '\n',
  ].join('');
}
