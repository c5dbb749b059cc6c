import { connect, createServer, type Socket } from 'node:net';

/** A way to the database on which connections can be lost. */
export interface LossyProxy {
  readonly url: string;
  /** The next COMMIT that is sent arrives, but its answer does not; or it does not arrive at all. */
  loseNextCommit(how: 'after' | 'before'): void;
  close(): Promise<void>;
}

const COMMIT = Buffer.from('Q\0\0\0\x0bCOMMIT\0', 'latin1');

/** @param url  of the database behind; without TLS */
export async function openLossyProxy(url: string): Promise<LossyProxy> {
  const target = new URL(url);
  let lose: 'after' | 'before' | null = null;
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
      if (lose !== null && data.includes(COMMIT)) {
        if (lose === 'before') {
          lose = null;
          end();
          return;
        }
        lose = null;
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
      lose = how;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
