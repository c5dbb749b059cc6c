import { SyncError } from '../errors/sync-error.ts';

/** A PostgreSQL URL taken apart; the driver gets the parts, so that no part is ever parsed twice or printed whole. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | null;
  /** False, or how strictly the server's certificate is checked. */
  readonly ssl: false | { readonly rejectUnauthorized: boolean };
}

/**
 * @param url  `postgres://user:password@host:port/database?sslmode=require`; `host` may also be given as a parameter
 *   (a folder with a Unix socket)
 * @throws SyncError USAGE_INVALID; the message never repeats the URL, which holds a password
 */
export function parseDatabaseUrl(url: string): ConnectionSettings {
  // Without a host, as for a socket, it would be no URL.
  const complete = url.replace(/^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)(?=[/?])/, '$1localhost');
  const parsed = URL.canParse(complete) ? new URL(complete) : null;
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new SyncError('USAGE_INVALID', 'The database URL is not one of PostgreSQL.', {
      actions: ['Write it as postgres://user:password@host:5432/database; percent-encode signs such as @ and / in it.'],
    });
  }
  const user = decoded(parsed.username);
  return {
    host: parsed.searchParams.get('host') ?? (parsed.hostname === '' ? 'localhost' : decoded(parsed.hostname)),
    port: Number(parsed.port === '' ? (parsed.searchParams.get('port') ?? '5432') : parsed.port),
    database: decoded(parsed.pathname.slice(1)) || user,
    user,
    password: parsed.password === '' ? null : decoded(parsed.password),
    ssl: sslOf(parsed.searchParams.get('sslmode')),
  };
}

/** As libpq does: `require` encrypts without checking who answers, `verify-full` checks the certificate. */
function sslOf(mode: string | null): ConnectionSettings['ssl'] {
  switch (mode) {
    case null:
    case 'disable':
    case 'allow':
    case 'prefer':
      return false;
    case 'require':
    case 'no-verify':
      return { rejectUnauthorized: false };
    case 'verify-ca':
    case 'verify-full':
      return { rejectUnauthorized: true };
    default:
      throw new SyncError('USAGE_INVALID', 'The database URL has an unknown sslmode.', {
        actions: ['Use sslmode=disable, require or verify-full.'],
      });
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
