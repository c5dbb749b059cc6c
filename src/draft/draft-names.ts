import { didYouMean } from '../config/nearest.ts';
import type { Project } from '../config/project.ts';
import { DASHED_NAME } from '../config/schema/words.ts';
import { SyncError } from '../errors/sync-error.ts';
import { importName, snakeName } from './names.ts';

export interface DraftNames {
  readonly mapping: string;
  readonly table: string;
  readonly phase: string;
}

/** What the person has asked for by flags; null where they leave it to us. */
export interface AskedNames {
  readonly mapping: string | null;
  readonly table: string | null;
  readonly phase: string | null;
}

/** Narrower than what a table of an existing database may be called: this one is new, and also names a file. */
const TABLE_NAME = {
  pattern: '^[a-z_][a-z0-9_]*$',
  maxLength: 63,
  title: 'a name of lower-case letters, digits and _',
};

/**
 * The names of a new import: its own, its table's, and the phase in which it reads (the last one unless told: there,
 * every parent has been read).
 * @throws SyncError USAGE_INVALID for a name that cannot be one, an unknown phase, or a table of other imports
 */
export function draftNames(object: string, asked: AskedNames, project: Project): DraftNames {
  const mapping = asked.mapping ?? importName(object);
  const table = asked.table ?? snakeName(object);
  const phase = asked.phase ?? project.phases.at(-1) ?? '';
  demand(mapping, DASHED_NAME, '--name');
  demand(table, TABLE_NAME, '--table');
  if (!project.phases.includes(phase)) {
    const hint = didYouMean(phase, project.phases);
    throw new SyncError('USAGE_INVALID', `There is no phase "${phase}" in sync.config.yaml.`, {
      actions: [hint ?? 'Add it to `phases` in sync.config.yaml.'],
    });
  }
  const namesake = project.mappings.find(({ name, group }) => mapping === (group ?? name));
  if (namesake !== undefined && namesake.file !== `mappings/${mapping}.yaml`) {
    throw new SyncError('USAGE_INVALID', `${namesake.file} has a mapping named "${mapping}" already.`, {
      actions: ['Give another name with --name.'],
    });
  }
  const other = project.mappings.find(
    ({ name, group, tables }) => (group ?? name) !== mapping && tables.some((mapped) => mapped.table.name === table),
  );
  if (other !== undefined) {
    throw new SyncError('USAGE_INVALID', `The mapping "${other.name}" fills the table "${table}".`, {
      actions: [
        `Give the new import a table of its own: sluice mapping new ${object} --table salesforce_${table}`,
        `Or write by hand what ${other.file} does not import yet.`,
      ],
    });
  }
  return { mapping, table, phase };
}

function demand(
  name: string,
  word: { readonly pattern: string; readonly maxLength: number; readonly title: string },
  flag: string,
): void {
  if (new RegExp(word.pattern, 'u').test(name) && name.length <= word.maxLength) return;
  throw new SyncError('USAGE_INVALID', `"${name}" is not ${word.title}.`, { actions: [`Give one with ${flag}.`] });
}
