import { spawnSync } from 'node:child_process';
import { chownSync, readFileSync, statSync } from 'node:fs';
import { SyncError } from '../../errors/sync-error.ts';
import type { Binaries } from './binaries.ts';

/**
 * How PostgreSQL's programs are started, because they refuse to run as root.
 * - as they are, for an ordinary user
 * - in a user namespace (`unshare -U`): root without its rights, files still root's; no user is needed
 * - as another user, who keeps the right to pass through folders that are root's own (`setpriv`)
 * - as another user, plainly; works where that user may read the package and the folder
 */
export interface Runner {
  readonly how: 'plain' | 'unshare' | 'setpriv' | 'user';
  /** Put before the program's name. */
  readonly prefix: readonly string[];
  readonly spawn: { readonly uid?: number; readonly gid?: number };
  /** Who must own the data; null when whoever runs the tool does. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

const PLAIN: Runner = { how: 'plain', prefix: [], spawn: {}, owner: null };
const UNSHARE: Runner = { how: 'unshare', prefix: ['unshare', '-U'], spawn: {}, owner: null };

/**
 * @param data  data folder of the server, which need not exist yet
 * @throws SyncError EMBEDDED_FAILED with what a person can do
 */
export function chooseRunner(binaries: Binaries, data: string): Runner {
  const user = process.getuid?.();
  if (user === undefined) return PLAIN;
  const owner = ownerOf(data);
  if (user !== 0) {
    if (owner === null || owner.uid === user) return PLAIN;
    throw new SyncError('EMBEDDED_FAILED', `${data} belongs to another user (${owner.uid}).`, {
      actions: ['Run as that user, remove the folder, or set DATABASE_URL.'],
    });
  }
  const candidates = owner !== null && owner.uid !== 0 ? asUser(owner) : [UNSHARE, ...asUser(serviceUser())];
  const chosen = candidates.find((runner) => works(runner, binaries));
  if (chosen !== undefined) return chosen;
  throw new SyncError('EMBEDDED_FAILED', 'PostgreSQL does not run as root, and no other way works on this machine.', {
    actions: ['Run as an ordinary user, move the project to a folder that all users may read, or set DATABASE_URL.'],
  });
}

export function giveTo(runner: Runner, path: string): void {
  if (runner.owner !== null) chownSync(path, runner.owner.uid, runner.owner.gid);
}

function works(runner: Runner, binaries: Binaries): boolean {
  const [program, ...args] = [...runner.prefix, binaries.initdb, '--version'];
  const answer = spawnSync(program ?? '', args, { ...runner.spawn, env: environment(binaries), stdio: 'ignore' });
  return answer.status === 0;
}

function asUser(owner: { uid: number; gid: number }): Runner[] {
  const keep = '+dac_override';
  return [
    {
      how: 'setpriv',
      prefix: [
        'setpriv',
        `--reuid=${owner.uid}`,
        `--regid=${owner.gid}`,
        '--clear-groups',
        `--inh-caps=${keep}`,
        `--ambient-caps=${keep}`,
        `--bounding-set=-all,${keep}`,
      ],
      spawn: {},
      owner,
    },
    { how: 'user', prefix: [], spawn: owner, owner },
  ];
}

function ownerOf(path: string): { uid: number; gid: number } | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : { uid: stat.uid, gid: stat.gid };
}

/** A user that owns nothing else: the system's own for PostgreSQL, else nobody. */
function serviceUser(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = ['postgres', 'nobody'].map((name) => users.find((user) => user[0] === name)).find((user) => user);
  return { uid: Number(found?.[2] ?? 65_534), gid: Number(found?.[3] ?? 65_534) };
}

/** Nothing of ours: the environment holds secrets, and anybody's locale. Windows does not start without its own. */
export function environment(binaries: Binaries): NodeJS.ProcessEnv | undefined {
  if (process.platform === 'win32') return undefined;
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...binaries.env };
}
