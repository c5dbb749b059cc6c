import { readdirSync, readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

/** Clock ticks a second in /proc; 100 on every Linux that Node.js runs on. */
const TICKS = 100;

interface ProcessTimes {
  readonly parent: number;
  /** Own CPU seconds, user and system. */
  readonly own: number;
  /** CPU seconds of children that have ended and been waited for, with all of theirs. */
  readonly ended: number;
}

export function describeMachine(): string {
  const list = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${list.length} x ${list[0]?.model.trim() ?? 'CPU'}, ${memory}, ${type()} ${release()}, Node.js ${process.version}`;
}

/** CPU seconds of this process's children that have ended; null where the system does not tell. */
export function endedChildrenCpu(): number | null {
  return timesOf('self')?.ended ?? null;
}

/** CPU seconds of a process, of the processes below it and of those that have ended; null where nobody tells. */
export function treeCpu(pid: number): number | null {
  const before = timesOf(String(pid));
  const all = allTimes();
  const root = timesOf(String(pid));
  if (root === null) return null;
  // A child that ended in between would be counted nowhere, or twice.
  if (before?.ended !== root.ended) return treeCpu(pid);
  const below = (parent: number): number =>
    [...all].reduce(
      (sum, [child, times]) => sum + (times.parent === parent ? times.own + times.ended + below(child) : 0),
      0,
    );
  return root.own + root.ended + below(pid);
}

function allTimes(): ReadonlyMap<number, ProcessTimes> {
  return new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const times = timesOf(name);
        return times === null ? [] : [[Number(name), times] as const];
      }),
  );
}

function timesOf(pid: string): ProcessTimes | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything, so count from its closing bracket: state is the first field after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = (index: number): number => Number(fields[index] ?? 0) / TICKS;
    return { parent: Number(fields[1] ?? 0), own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) };
  } catch {
    return null;
  }
}
