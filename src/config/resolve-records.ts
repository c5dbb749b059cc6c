import { parseCondition } from '../soql/parse.ts';
import { SoqlSyntaxError } from '../soql/syntax-error.ts';
import type { FunctionCall, Hooks, Rule, SideLookup, SkipRule } from './mapping.ts';
import { namedEntries } from './named-entries.ts';
import { functionCall, type WrittenCall } from './resolve-call.ts';
import type { MappingContext } from './resolve-context.ts';
import type { YamlPath } from './yaml-file.ts';

/** Records that are left out. */
export function resolveSkipRules(context: MappingContext): readonly SkipRule[] {
  const { file } = context;
  const rules = file.value.skip_when ?? [];
  reportSameNames('skip_when', rules, context);
  return rules.map(({ name, when }, index) => {
    const path = ['skip_when', index, 'when'];
    condition(when, path, context);
    return { name, when, position: file.yaml.at(path) };
  });
}

/** Checks over a record: an expression, or a check of a plugin. */
export function resolveRules(context: MappingContext): readonly Rule[] {
  const { file, sink } = context;
  const rules = file.value.rules ?? [];
  reportSameNames('rules', rules, context);
  return rules.map(({ name, when, check, use, severity }, index): Rule => {
    const path = ['rules', index];
    if (when !== undefined) condition(when, [...path, 'when'], context);
    if (check !== undefined) condition(check, [...path, 'check'], context);
    if (check === undefined && use === undefined) {
      const said = `The rule "${name}" checks nothing.`;
      sink.report('column-input', file.yaml.at(path), said, 'Add `check`, or `use` with a check of a plugin.');
    }
    if (check !== undefined && use !== undefined) {
      const said = `The rule "${name}" has \`check\` and \`use\`: keep one.`;
      sink.report('column-input', file.yaml.keyAt([...path, 'use']), said);
    }
    return {
      name,
      when: when ?? null,
      check: check ?? null,
      use: use === undefined ? null : functionCall(use, 'record_check', [...path, 'use'], context),
      severity,
      position: file.yaml.at(path),
    };
  });
}

/** Side queries by name. */
export function resolveLookups({ file, sink }: MappingContext): readonly SideLookup[] {
  return namedEntries(file.value.lookups ?? {}).map(([name, { object, by, value, where }]) => {
    const path = ['lookups', name];
    if (where !== undefined) {
      try {
        parseCondition(where);
      } catch (error) {
        if (!(error instanceof SoqlSyntaxError)) throw error;
        const position = file.yaml.inText([...path, 'where'], error.offset);
        sink.report('soql-syntax', position, `The SOQL does not parse: ${error.message}.`);
      }
    }
    return { name, object, by, value, where: where ?? null, position: file.yaml.keyAt(path) };
  });
}

export function resolveHooks(context: MappingContext): Hooks {
  const { after_commit = [], after_step = [] } = context.file.value.hooks ?? {};
  const calls = (key: string, written: readonly WrittenCall[]): readonly FunctionCall[] =>
    written.map((call, index) => functionCall(call, 'hook', ['hooks', key, index], context));
  return { afterCommit: calls('after_commit', after_commit), afterStep: calls('after_step', after_step) };
}

function condition(text: string, path: YamlPath, { expressions }: MappingContext): void {
  expressions.push({ text, path, wanted: 'boolean', at: null, into: null });
}

/** Records are counted by the names of rules. */
function reportSameNames(
  key: 'rules' | 'skip_when',
  rules: readonly { readonly name: string }[],
  { file, sink }: MappingContext,
): void {
  const seen = new Set<string>();
  for (const [index, { name }] of rules.entries()) {
    if (seen.has(name)) {
      const said = `There is a rule "${name}" already.`;
      sink.report('duplicate-name', file.yaml.at([key, index, 'name']), said);
    }
    seen.add(name);
  }
}
