import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** The parts of the benchmark that `--only` may name. */
const PARTS = [
  'floor',
  'sluice',
  'bad',
  'seed',
  'low-memory',
  'large',
  'rivals',
  'start',
  'imports',
  'reconcile',
] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  /** Students in the org. */
  readonly students: number;
  readonly rounds: number;
  readonly parts: ReadonlySet<Part>;
  /** Students that the row-by-row rival writes; its time is scaled to all of them. */
  readonly sample: number;
  /** File for the machine-readable results, or null. */
  readonly json: string | null;
  readonly workers: number;
}

const SEED_STUDENTS = 145_266;
/** Parts that cost minutes or memory; they run when they are named. */
const ON_REQUEST: ReadonlySet<Part> = new Set(['large']);

export const HELP = `npm run bench -- [options]

  --students N     students in the simulated org (default ${SEED_STUDENTS})
  --rounds N       how often everything is measured, interleaved (default 3)
  --only a,b       some of: ${PARTS.join(', ')}
  --large          also ten times the students (memory must stay flat)
  --sample N       students for the row-by-row rival (default 2000)
  --json FILE      write every measurement to FILE
`;

/** @throws Error when a flag is unknown or is no number */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      students: { type: 'string', default: String(SEED_STUDENTS) },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
      large: { type: 'boolean', default: false },
      sample: { type: 'string', default: '2000' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    students: wholeNumber('--students', values.students),
    rounds: wholeNumber('--rounds', values.rounds),
    parts: partsOf(values.only, values.large),
    sample: wholeNumber('--sample', values.sample),
    json: values.json ?? null,
    workers: availableParallelism(),
  };
}

function partsOf(only: string | undefined, large: boolean): ReadonlySet<Part> {
  const named = only === undefined ? PARTS.filter((part) => !ON_REQUEST.has(part)) : only.split(',').map(partNamed);
  return new Set<Part>(large ? [...named, 'large'] : named);
}

function partNamed(text: string): Part {
  const part = PARTS.find((candidate) => candidate === text.trim());
  if (part === undefined) throw new Error(`--only knows ${PARTS.join(', ')}, not "${text}"`);
  return part;
}

function wholeNumber(flag: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${flag} needs a whole number of at least 1`);
  return number;
}
