import * as Args from '@oclif/core/args';
import type { Mapping } from '../../../config/mapping.ts';
import { didYouMean } from '../../../config/nearest.ts';
import { SyncError } from '../../../errors/sync-error.ts';
import { BaseCommand } from '../../base-command.ts';
import { mappingText } from '../../mapping-text.ts';
import { type MappingView, viewOf } from '../../mapping-view.ts';

export default class MappingShow extends BaseCommand {
  static override summary = 'Show one mapping: what it reads, and where each column comes from.';
  static override description =
    'Of a mapping with several sources, the name alone shows all of them; with --json that is a list.';
  static override examples = ['<%= config.bin %> mapping show students'];
  static override args = { mapping: Args.string({ required: true, description: 'Name of the mapping.' }) };

  async run(): Promise<MappingView | readonly MappingView[]> {
    const { args, flags } = await this.parse(MappingShow);
    const { readProject } = await import('../../../app.ts');
    const { mappings } = await readProject(flags.config ?? null);
    const views = named(args.mapping, mappings).map(viewOf);
    this.print(views.map(mappingText).join('\n'));
    const [only, ...others] = views;
    return only !== undefined && others.length === 0 ? only : views;
  }
}

/** @throws SyncError NOT_FOUND */
function named(wanted: string, mappings: readonly Mapping[]): readonly Mapping[] {
  const found = mappings.filter(({ name, group }) => name === wanted || group === wanted);
  if (found.length > 0) return found;
  const hint = didYouMean(
    wanted,
    mappings.map(({ name }) => name),
  );
  const list = 'Run `sluice mapping list` to see all names.';
  throw new SyncError('NOT_FOUND', `There is no mapping "${wanted}".`, {
    actions: hint === null ? [list] : [hint, list],
  });
}
