import { isAlias, isCollection, isMap, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node } from 'yaml';
import type { Position } from './mapping.ts';
import type { ProblemSink } from './rules.ts';
import { scalarOffset } from './scalar-offset.ts';
import { yamlTroubles } from './yaml-trouble.ts';

export type YamlPath = readonly (string | number)[];

/** A parsed YAML file that still knows where everything stands. */
export interface YamlFile {
  /** Path relative to the project folder. */
  readonly file: string;
  readonly text: string;
  /** Plain JavaScript; null when the text could not be read. */
  readonly value: unknown;
  /** Place of the value at `path`, or of the nearest thing around it that exists. */
  at(path: YamlPath): Position;
  /** Place of the key itself. */
  keyAt(path: YamlPath): Position;
  /** Place of a character inside the text value at `path`, whatever way it is written. */
  inText(path: YamlPath, offset: number): Position;
  /** Every text in the file, keys left out, with its place. */
  texts(): readonly { readonly path: YamlPath; readonly text: string; readonly position: Position }[];
}

/** Aliases are for a repeated block or two; ten levels of ten make 10,000,000,000 values. */
const MAX_ALIASES = 50;
const MAX_CHARACTERS = 1_000_000;

/** Parses YAML 1.2: core schema, unique keys, no merge keys. Never throws: what is wrong is reported. */
export function parseYaml(text: string, file: string, sink: ProblemSink): YamlFile {
  const start: Position = { file, line: 1, column: 1 };
  const empty: YamlFile = {
    file,
    text,
    value: null,
    at: () => start,
    keyAt: () => start,
    inText: () => start,
    texts: () => [],
  };
  if (text.length > MAX_CHARACTERS) {
    sink.report('file-too-large', start, 'The file is larger than 1 MB.');
    return empty;
  }
  const lines = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: true,
      merge: false,
      stringKeys: true,
      prettyErrors: false,
      lineCounter: lines,
      // At 'silent', a second document of the file would be left out without a word.
      logLevel: 'error',
    });
  } catch {
    // Thousands of open brackets exhaust the stack of the parser.
    sink.report('yaml-syntax', start, 'The file is nested too deeply.');
    return empty;
  }
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  // What the parser only warns about (an unknown tag) is ours to refuse.
  const troubles = yamlTroubles([...document.errors, ...document.warnings]);
  for (const { rule, message, suggestion, offset } of troubles) sink.report(rule, place(offset), message, suggestion);
  const hasAliases = text.includes('*');
  const value =
    troubles.length > 0 || (hasAliases && hasLostAlias(document, place, sink)) ? null : toValue(document, place, sink);
  return { ...places(document, file, text, place), value };
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

function places(
  document: Document.Parsed,
  file: string,
  text: string,
  place: (offset: number) => Position,
): Omit<YamlFile, 'value'> {
  const positionOf = (node: Node | null | undefined): Position => place(node?.range?.[0] ?? 0);
  const resolved = (node: unknown): Node | null => {
    const target = isAlias(node) ? node.resolve(document) : node;
    return isScalar(target) || isCollection(target) ? target : null;
  };
  const walk = (path: YamlPath): { key: Node | null; value: Node | null; depth: number } => {
    let found = { key: null as Node | null, value: resolved(document.contents), depth: 0 };
    for (const step of path) {
      const { value } = found;
      if (!isCollection(value)) break;
      if (isMap(value)) {
        const pair = value.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
        if (pair === undefined) break;
        found = {
          key: isScalar(pair.key) ? pair.key : null,
          value: resolved(pair.value) ?? found.value,
          depth: found.depth + 1,
        };
      } else {
        const item = resolved(value.items[Number(step)]);
        if (item === null) break;
        found = { key: item, value: item, depth: found.depth + 1 };
      }
    }
    return found;
  };
  return {
    file,
    text,
    at: (path) => {
      const { key, value, depth } = walk(path);
      // A key without a value has no place of its own: its key is the nearest.
      const blank = isScalar(value) && value.source === '';
      // A block that stops short is told at the key that opens it.
      return positionOf(
        (blank || (isCollection(value) && depth < path.length && depth > 0)) && key !== null ? key : value,
      );
    },
    keyAt: (path) => {
      const { key, value } = walk(path);
      return positionOf(key ?? value);
    },
    inText: (path, offset) => {
      const { value } = walk(path);
      if (!isScalar(value) || typeof value.value !== 'string' || !value.range) return positionOf(value);
      return place(scalarOffset(text, { type: value.type, value: value.value, range: value.range }, offset));
    },
    texts: () => {
      const found: { path: YamlPath; text: string; position: Position }[] = [];
      visit(document, {
        Scalar: (key, node, ancestors) => {
          if (key === 'key' || typeof node.value !== 'string') return;
          const path = ancestors.flatMap((parent) =>
            isPair(parent) && isScalar(parent.key) ? [String(parent.key.value)] : [],
          );
          found.push({ path, text: node.value, position: positionOf(node) });
        },
      });
      return found;
    },
  };
}
