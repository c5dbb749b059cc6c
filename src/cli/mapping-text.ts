import type { MappingView } from './mapping-view.ts';
import { tableText } from './rows.ts';

/** One mapping as a person reads it: what is read, when, what decides about a record, and every column. */
export function mappingText(view: MappingView): string {
  const { name, description, file, source, phases, tables } = view;
  const query = source.file === null ? source.soql.trimEnd() : fileText(source.file);
  return [
    `${name}: ${description}\n${file}\n\n${query}\n\n`,
    ...phases.map(phaseText),
    ...view.lookups.map(
      ({ name: lookup, object, by, value, where }) =>
        `lookup ${lookup}: ${object}.${value} by ${by}${where === null ? '' : ` where ${where}`}\n`,
    ),
    ...view.skip_when.map(({ name: reason, when }) => `skipped as ${reason} where ${when}\n`),
    ...view.rules.map(
      ({ name: rule, severity, when, check }) =>
        `rule ${rule} (${severity})${when === null ? '' : ` where ${when}`}: ${check}\n`,
    ),
    ...hooksText('each commit', view.hooks.after_commit),
    ...hooksText('the step', view.hooks.after_step),
    ...tables.map(
      ({ table, role, key, rules, columns }) =>
        `\n${table} (${[role, `found by ${key.join(', ')}`, ...rules].join('; ')})\n${tableText(
          ['column', 'from', 'rules'],
          columns.map(({ column, from, rules: own }) => [
            column,
            from.map(wrapped).join('\n'),
            wrapped(own.join(', ')),
          ]),
        )}`,
    ),
  ].join('');
}

/** Expressions can be long, and a row of a table is read from its beginning. */
const WIDTH = 64;

function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/u)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n  ');
}

function fileText({ path, id, optional }: NonNullable<MappingView['source']['file']>): string {
  return `file ${path}, a record is told by ${id.join(', ')}${optional ? '; the file may be missing' : ''}`;
}

function phaseText({ phase, batch_size, commit_size, links, after }: MappingView['phases'][number]): string {
  const linking = links.length === 0 ? '' : `, links ${links.join(', ')}`;
  const order = after.length === 0 ? '' : `, after ${after.join(', ')}`;
  return `phase ${phase}: batches of ${batch_size}, commits of ${commit_size}${linking}${order}\n`;
}

function hooksText(when: string, hooks: readonly string[]): readonly string[] {
  return hooks.length === 0 ? [] : [`after ${when}: ${hooks.join(', ')}\n`];
}
