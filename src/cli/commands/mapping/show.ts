import { Args } from '@oclif/core';
import { didYouMean } from '../../../config/nearest.ts';
import { SyncError } from '../../../errors/sync-error.ts';
import { BaseCommand } from '../../base-command.ts';
import { type MappingView, viewOf } from '../../mapping-view.ts';
import { tableText } from '../../rows.ts';

export default class MappingShow extends BaseCommand {
  static override summary = 'Show one mapping: what it reads, and where each column comes from.';
  static override examples = ['<%= config.bin %> mapping show students'];
  static override args = { mapping: Args.string({ required: true, description: 'Name of the mapping.' }) };

  async run(): Promise<MappingView> {
    const { args, flags } = await this.parse(MappingShow);
    const { readProject } = await import('../../../app.ts');
    const { mappings } = await readProject(flags.config ?? null);
    const mapping = mappings.find(({ name }) => name === args.mapping);
    if (mapping === undefined) {
      const hint = didYouMean(
        args.mapping,
        mappings.map(({ name }) => name),
      );
      const list = 'Run `sluice mapping list` to see all names.';
      throw new SyncError('NOT_FOUND', `There is no mapping "${args.mapping}".`, {
        actions: hint === null ? [list] : [hint, list],
      });
    }
    const view = viewOf(mapping);
    this.print(`${view.name}: ${view.description}\n${view.file}\n\n${view.source.soql.trimEnd()}\n\n`);
    for (const phase of view.phases) {
      const links = phase.links.length === 0 ? '' : `, links ${phase.links.join(', ')}`;
      this.print(`phase ${phase.phase}: batches of ${phase.batch_size}, commits of ${phase.commit_size}${links}\n`);
    }
    for (const { table, role, key, columns } of view.tables) {
      this.print(`\n${table} (${role}, found by ${key.join(', ')})\n`);
      this.print(
        tableText(
          ['column', 'from', 'rules'],
          columns.map(({ column, from, rules }) => [column, from.join('; '), rules.join(', ')]),
        ),
      );
    }
    return view;
  }
}
