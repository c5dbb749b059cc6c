import { hash, randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isRecord } from './is-record.ts';
import { isPlain, type YamlTree } from './yaml-tree.ts';

/**
 * Keeps what the parser made of each text, for the next start: to parse the files of a project takes a third of a second,
 * to read this a fiftieth. A text is known by its hash, so what was edited is parsed.
 */
export interface ParsedFiles {
  find(text: string): Promise<YamlTree | undefined>;
  keep(text: string, tree: YamlTree): void;
  /** Writes down what is new. Never throws: without it, the next start takes longer. */
  save(): Promise<void>;
}

/** The parser, and the form in which its trees are kept: another one may see the same text with other eyes. */
export const PARSER = 'yaml 2.9.1, tree 1';

/** So many texts are kept that were not asked for this time: those of another command. */
const MOST_SPARE = 500;

type Trees = Readonly<Record<string, YamlTree>>;

/** @param file  where they are kept; only in a folder that is there: to look at a project must leave nothing beside it */
export function parsedFiles(file: string): ParsedFiles {
  let reading: Promise<Trees> | null = null;
  const used = new Map<string, YamlTree>();
  let isNew = false;
  return {
    find: async (text) => {
      const known = await (reading ??= readTrees(file));
      const key = keyOf(text);
      const tree = Object.hasOwn(known, key) ? known[key] : undefined;
      if (tree !== undefined) used.set(key, tree);
      return tree;
    },
    keep: (text, tree) => {
      if (!isPlain(tree)) return;
      used.set(keyOf(text), tree);
      isNew = true;
    },
    save: async () => {
      if (!isNew) return;
      isNew = false;
      const spare = Object.entries((await reading) ?? {}).filter(([key]) => !used.has(key));
      const trees = Object.fromEntries([...used, ...spare.slice(0, MOST_SPARE)]);
      await write(file, trees).catch(() => undefined);
    },
  };
}

function keyOf(text: string): string {
  return hash('sha256', text, 'base64');
}

async function readTrees(file: string): Promise<Trees> {
  try {
    const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isRecord(kept) || kept['parser'] !== PARSER || !isRecord(kept['trees'])) return {};
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by us, whole or not at all
    return kept['trees'] as Trees;
  } catch {
    return {};
  }
}

/** Under another name first: who reads meanwhile, or is killed here, finds the old one. */
async function write(file: string, trees: Trees): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify({ parser: PARSER, trees }), { mode: 0o600 });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
