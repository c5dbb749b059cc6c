import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeJwtKeys } from './auth/credentials.ts';
import { startOrg } from './org.ts';

/**
 * The simulated org as a process of its own. Prints one JSON line when it listens, and ends on SIGTERM or when the
 * process that started it goes away (its end of our standard input closes).
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    seed: { type: 'string' },
    scale: { type: 'string' },
    students: { type: 'string' },
    schools: { type: 'string' },
    'bad-students': { type: 'string' },
    'polls-running': { type: 'string' },
    'bulk-page-size': { type: 'string' },
    'rest-page-size': { type: 'string' },
    'daily-api-requests': { type: 'string' },
    'bulk-timeout-rows': { type: 'string' },
    keep: { type: 'string' },
    jwt: { type: 'boolean' },
  },
});

const numbers = {
  port: values.port ?? process.env['SLUICE_ORG_PORT'],
  seed: values.seed,
  scale: values.scale,
  students: values.students,
  schools: values.schools,
  badStudents: values['bad-students'],
  bulkPageSize: values['bulk-page-size'],
  restPageSize: values['rest-page-size'],
  dailyApiRequests: values['daily-api-requests'],
  bulkTimeoutRows: values['bulk-timeout-rows'],
};
const told = Object.entries(numbers).filter(([, text]) => text !== undefined);
for (const [name, text] of told) if (Number.isNaN(Number(text))) throw new Error(`${name} must be a number`);

const keys = values.jwt === true ? makeJwtKeys() : null;
const org = await startOrg({
  ...Object.fromEntries(told.map(([name, text]) => [name, Number(text)])),
  ...(values['polls-running'] === undefined ? {} : { jobPace: { pollsRunning: Number(values['polls-running']) } }),
  ...(values.keep === undefined ? {} : { keep: values.keep }),
  ...(keys === null ? {} : { jwtPublicKey: keys.publicKey }),
});
const credentials = { ...org.credentials, ...(keys === null ? {} : { privateKey: keys.privateKey }) };
console.log(JSON.stringify({ url: org.url, credentials }));

async function end(): Promise<void> {
  await org.close();
  process.exit(0);
}
process.once('SIGTERM', () => void end());
process.once('SIGINT', () => void end());
// Only a pipe tells of a parent: a terminal stays open, and /dev/null is at its end from the start.
const input = fstatSync(0);
if (input.isFIFO() || input.isSocket()) process.stdin.resume().once('end', () => void end());
