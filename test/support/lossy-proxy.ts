import { connect, createServer, type Socket } from 'node:net';

/** A way to the database on which connections can be lost. */
export interface LossyProxy {
  readonly url: string;
  /** The next COMMIT that is sent arrives, but its answer does not; or it does not arrive at all. */
  loseNextCommit(how: 'after' | 'before'): void;
  /** The connection is lost when a statement is sent over it that begins so. */
  loseAt(statement: string): void;
  close(): Promise<void>;
}

const COMMIT = 'COMMIT\0';

/** Whether a simple query that begins so is in it. */
function holds(data: Buffer, statement: string): boolean {
  return /Q[^]{4}/u.test(data.toString('latin1')) && data.includes(statement, 0, 'latin1');
}

/** @param url  of the database behind; without TLS */
export async function openLossyProxy(url: string): Promise<LossyProxy> {
  const target = new URL(url);
  let lose: { readonly statement: string; readonly how: 'after' | 'before' } | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host: target.hostname, port: Number(target.port) });
    let dying = false;
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', end);
    }
    near.on('data', (data) => {
      if (lose !== null && holds(data, lose.statement)) {
        const { how } = lose;
        lose = null;
        if (how === 'before') {
          end();
          return;
        }
        dying = true;
      }
      far.write(data);
    });
    far.on('data', (data) => {
      if (dying) end();
      else near.write(data);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const own = new URL(url);
  own.hostname = '127.0.0.1';
  own.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  return {
    url: own.href,
    loseNextCommit: (how) => {
      lose = { statement: COMMIT, how };
    },
    loseAt: (statement) => {
      lose = { statement, how: 'before' };
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
