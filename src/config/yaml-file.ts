import type { Position } from './mapping.ts';
import { scalarOffset } from './scalar-offset.ts';
import type { ScalarTree, YamlTree } from './yaml-tree.ts';

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

/** Finds the places in a text by its tree. */
export function yamlFile(
  tree: YamlTree | null,
  { file, text, value }: Pick<YamlFile, 'file' | 'text' | 'value'>,
): YamlFile {
  const place = placesIn(text, file);
  const positionOf = (node: YamlTree | null): Position => place(node === null ? 0 : node.at);
  const walk = (path: YamlPath): { key: number | null; found: YamlTree | null; depth: number } => {
    let here = { key: null as number | null, found: itself(tree), depth: 0 };
    for (const step of path) {
      const { found } = here;
      if (found === null || 'value' in found) break;
      if ('pairs' in found) {
        const pair = found.pairs.find(([name]) => name === String(step));
        if (pair === undefined) break;
        here = { key: pair[1], found: itself(pair[2]) ?? found, depth: here.depth + 1 };
      } else {
        const item = itself(found.items[Number(step)] ?? null);
        if (item === null) break;
        here = { key: item.at, found: item, depth: here.depth + 1 };
      }
    }
    return here;
  };
  return {
    file,
    text,
    value,
    at: (path) => {
      const { key, found, depth } = walk(path);
      const isScalar = found !== null && 'value' in found;
      // A key without a value has no place of its own: its key is the nearest.
      const blank = isScalar && found.blank === true;
      // A block that stops short is told at the key that opens it.
      const stopsShort = found !== null && !isScalar && depth < path.length && depth > 0;
      return (blank || stopsShort) && key !== null ? place(key) : positionOf(found);
    },
    keyAt: (path) => {
      const { key, found } = walk(path);
      return key === null ? positionOf(found) : place(key);
    },
    inText: (path, offset) => {
      const { found } = walk(path);
      if (found === null || !('value' in found) || typeof found.value !== 'string') return positionOf(found);
      const { type, value: written, at, end } = found;
      return place(scalarOffset(text, { type, value: written, range: [at, end, end] }, offset));
    },
    texts: () => textsIn(tree, []).map(({ at, ...found }) => ({ ...found, position: place(at) })),
  };
}

/** Lines and columns of offsets in a text, both from 1. */
export function placesIn(text: string, file: string): (offset: number) => Position {
  let starts: readonly number[] | null = null;
  return (offset) => {
    starts ??= [0, ...Array.from(text.matchAll(/\n/gu), ({ index }) => index + 1)];
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/** What an alias stands for. */
function itself(node: YamlTree | null): Exclude<YamlTree, { readonly same: unknown }> | null {
  return node !== null && 'same' in node ? itself(node.same) : node;
}

interface TextThere {
  readonly path: YamlPath;
  readonly text: string;
  readonly at: number;
}

/** An alias is not looked into: what it stands for is found in its own place. */
function textsIn(node: YamlTree | null, path: readonly string[]): readonly TextThere[] {
  if (node === null || 'same' in node) return [];
  if ('value' in node) return isText(node) ? [{ path, text: node.value, at: node.at }] : [];
  if ('items' in node) return node.items.flatMap((item) => textsIn(item, path));
  const odd = (node.odd ?? []).flatMap((held) => textsIn(held, path));
  return [...node.pairs.flatMap(([key, , held]) => textsIn(held, [...path, key])), ...odd];
}

function isText(node: ScalarTree): node is ScalarTree & { readonly value: string } {
  return typeof node.value === 'string';
}
