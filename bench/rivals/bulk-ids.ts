/** Asks for all ids by the Bulk API and throws them away: what a comparison of ids costs at the least. */
import { devNull } from 'node:os';
import { downloadCsv } from '../org.ts';
import { setting } from './setting.ts';

const start = performance.now();
await downloadCsv({ url: setting('BENCH_ORG_URL'), token: setting('BENCH_ORG_TOKEN') }, setting('BENCH_SOQL'), devNull);
process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - start) / 1000 })}\n`);
