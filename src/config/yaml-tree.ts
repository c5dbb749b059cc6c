import type { Scalar } from 'yaml';

/** A YAML document as plain data, with the place of everything as an offset in the text. Null where nothing stands. */
export type YamlTree = ScalarTree | MapTree | ListTree | AliasTree;

export interface ScalarTree {
  readonly at: number;
  /** Where the value ends. */
  readonly end: number;
  /** How it is written: plain, quoted, a block. */
  readonly type?: Scalar['type'];
  readonly value: unknown;
  /** Nothing is written there. */
  readonly blank?: true;
}

interface MapTree {
  readonly at: number;
  readonly pairs: readonly (readonly [key: string, keyAt: number, value: YamlTree | null])[];
  /** Keys that are no text, and what they hold: no YAML of ours, but it may be a secret. */
  readonly odd?: readonly (YamlTree | null)[];
}

interface ListTree {
  readonly at: number;
  readonly items: readonly (YamlTree | null)[];
}

interface AliasTree {
  readonly at: number;
  readonly same: YamlTree | null;
}

/** The value as plain JavaScript, of its own: whoever asks may change it. */
export function valueOf(tree: YamlTree | null): unknown {
  if (tree === null) return null;
  if ('same' in tree) return valueOf(tree.same);
  if ('value' in tree) return tree.value;
  if ('items' in tree) return tree.items.map(valueOf);
  const value: Record<string, unknown> = {};
  for (const [key, , held] of tree.pairs) {
    // Set like any other, `__proto__` would not become a key.
    Object.defineProperty(value, key, { value: valueOf(held), writable: true, enumerable: true, configurable: true });
  }
  return value;
}

/** True for what is the same after it was JSON: numbers that JSON does not know are rare, and aliases may go in circles. */
export function isPlain(tree: YamlTree | null): boolean {
  if (tree === null) return true;
  if ('same' in tree) return false;
  if ('items' in tree) return tree.items.every(isPlain);
  if ('pairs' in tree) return tree.odd === undefined && tree.pairs.every(([, , held]) => isPlain(held));
  const { value } = tree;
  return typeof value === 'number'
    ? Number.isFinite(value) && !Object.is(value, -0)
    : value === null || typeof value === 'string' || typeof value === 'boolean';
}
