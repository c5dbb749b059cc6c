/**
 * Stands for a tool that uses the embedded server, as a process of its own: prints the server's address when it is up,
 * releases it when its input ends, and can be killed at any time.
 */
import { startEmbedded } from '../../../src/database/embedded/start-embedded.ts';

const embedded = await startEmbedded({
  folder: process.argv[2] ?? '',
  settings: { fsync: 'off', shared_buffers: '16MB' },
});
process.stdout.write(`${embedded.url}\n`);
process.stdin.on('end', () => {
  void embedded.release().then(() => process.exit(0));
});
process.stdin.resume();
