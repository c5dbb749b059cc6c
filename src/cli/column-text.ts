import type { Alternative, ColumnMapping, Input, Resolver, TransformCall } from '../config/mapping.ts';
import type { Link } from '../config/link.ts';

/** Where a value comes from: `Email or HomeEmail`, `= student`, `Skills__c split at ;`. */
export function inputText({ input, split }: Pick<ColumnMapping, 'input' | 'split'>): string {
  const text = input.kind === 'first_of' ? input.alternatives.map(alternativeText).join(', else ') : plainText(input);
  return split.length === 0 ? text : `${text} split at ${split.join(' ')}`;
}

function alternativeText(alternative: Alternative): string {
  const { map } = alternative;
  return `${inputText(alternative)}${map === null ? '' : ` by map ${map.name}`}`;
}

/** `truncate(length: 50)`; the name alone without arguments. */
export function transformText({ name, args }: TransformCall): string {
  const given = Object.entries(args).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return given.length === 0 ? name : `${name}(${given.join(', ')})`;
}

function plainText(input: Exclude<Input, { kind: 'first_of' }>): string {
  switch (input.kind) {
    case 'fields':
      return input.join === null
        ? input.paths.join(' or ')
        : `${input.paths.join(' and ')} with ${JSON.stringify(input.join)} between`;
    case 'constant':
      return `= ${input.value ?? 'null'}`;
    case 'expression':
      return `= ${input.text.trim()}`;
    case 'resolved':
      return `${resolverText(input.resolver)}(${input.paths.join(', ')})`;
  }
}

function resolverText(resolver: Resolver): string {
  return resolver.kind === 'lookup' ? `lookup ${resolver.name}` : resolver.call.name;
}

/** `link district.salesforce_id, aliases district_alias.alias, on_missing wait`. */
export function linkText({ lookups, onMissing, create, phase }: Link): string {
  const parents = lookups.map(
    ({ table, by, ignoreCase, aliases }) =>
      `${table}.${by}${ignoreCase ? ' in any case' : ''}${aliases === null ? '' : ` or ${aliases.table}.${aliases.by}`}`,
  );
  const copies = (create?.copy ?? []).map(({ table }) => table);
  return [
    `link ${[...new Set(parents)].join(' or ')}`,
    `on_missing ${onMissing}${copies.length === 0 ? '' : ` from ${copies.join(' or ')}`}`,
    ...(phase === null ? [] : [`in ${phase}`]),
  ].join(', ');
}
