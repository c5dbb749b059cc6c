import { isAlias, isMap, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Document } from 'yaml';
import type { Position } from './mapping.ts';
import type { ProblemSink } from './rules.ts';
import { placesIn, yamlFile, type YamlFile } from './yaml-file.ts';
import type { YamlTree } from './yaml-tree.ts';
import { yamlTroubles } from './yaml-trouble.ts';

/** A text that was parsed. */
export interface ParsedYaml {
  readonly yaml: YamlFile;
  /** Null where anything is wrong with it, which has been reported. */
  readonly tree: YamlTree | null;
}

/** Aliases are for a repeated block or two; ten levels of ten make 10,000,000,000 values. */
const MAX_ALIASES = 50;
const MAX_CHARACTERS = 1_000_000;

/** Parses YAML 1.2: core schema, unique keys, no merge keys. Never throws: what is wrong is reported. */
export function parseYaml(text: string, file: string, sink: ProblemSink): ParsedYaml {
  const place = placesIn(text, file);
  const empty: ParsedYaml = { yaml: yamlFile(null, { file, text, value: null }), tree: null };
  if (text.length > MAX_CHARACTERS) {
    sink.report('file-too-large', place(0), 'The file is larger than 1 MB.');
    return empty;
  }
  let document: Document.Parsed;
  let tree: YamlTree | null;
  try {
    document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: true,
      merge: false,
      stringKeys: true,
      prettyErrors: false,
      // At 'silent', a second document of the file would be left out without a word.
      logLevel: 'error',
    });
    tree = treeOf(document);
  } catch {
    // Thousands of open brackets exhaust the stack of the parser.
    sink.report('yaml-syntax', place(0), 'The file is nested too deeply.');
    return empty;
  }
  // What the parser only warns about (an unknown tag) is ours to refuse.
  const troubles = yamlTroubles([...document.errors, ...document.warnings]);
  for (const { rule, message, suggestion, offset } of troubles) sink.report(rule, place(offset), message, suggestion);
  const hasAliases = text.includes('*');
  const isSound = troubles.length === 0 && !(hasAliases && hasLostAlias(document, place, sink));
  const value = isSound ? toValue(document, place, sink) : null;
  return { yaml: yamlFile(tree, { file, text, value }), tree: isSound ? tree : null };
}

function hasLostAlias(document: Document.Parsed, place: (offset: number) => Position, sink: ProblemSink): boolean {
  let lost = false;
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return;
      lost = true;
      sink.report(
        'yaml-alias',
        place(alias.range?.[0] ?? 0),
        `There is no anchor "${alias.source}" before this alias.`,
      );
    },
  });
  return lost;
}

function toValue(document: Document.Parsed, place: (offset: number) => Position, sink: ProblemSink): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return value;
  } catch {
    sink.report('yaml-alias', place(0), 'Aliases repeat so much that the file would grow out of bounds.');
    return null;
  }
}

function treeOf(document: Document.Parsed): YamlTree | null {
  // An anchor may hold an alias of itself.
  const known = new Map<unknown, YamlTree>();
  const grow = (node: unknown): YamlTree | null => {
    const grown = known.get(node);
    if (grown !== undefined) return grown;
    if (isAlias(node)) {
      const alias = { at: node.range?.[0] ?? 0, same: null as YamlTree | null };
      known.set(node, alias);
      alias.same = grow(node.resolve(document));
      return alias;
    }
    if (isMap(node)) {
      const pairs: [string, number, YamlTree | null][] = [];
      const odd = node.items.flatMap(({ key, value }) => (isScalar(key) ? [] : [key, value]));
      const map = { at: node.range?.[0] ?? 0, pairs, ...(odd.length === 0 ? {} : { odd: odd.map(grow) }) };
      known.set(node, map);
      for (const { key, value } of node.items) {
        if (isScalar(key)) pairs.push([String(key.value), key.range?.[0] ?? 0, grow(value)]);
      }
      return map;
    }
    if (isSeq(node)) {
      const items: (YamlTree | null)[] = [];
      const list = { at: node.range?.[0] ?? 0, items };
      known.set(node, list);
      for (const item of node.items) items.push(grow(item));
      return list;
    }
    if (!isScalar(node)) return null;
    const [at = 0, end = 0] = node.range ?? [];
    return {
      at,
      end,
      ...(node.type === undefined ? {} : { type: node.type }),
      value: node.value,
      ...(node.source === '' ? { blank: true } : {}),
    };
  };
  return grow(document.contents);
}
