/**
 * The simulated org as a process of its own, so that its memory and CPU time are nobody else's. Prints one JSON line
 * when it listens. A line `change 0.01` on its input gives that share of the students a new middle name.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startOrg } from '../src/simulator/org.ts';

const { values } = parseArgs({ options: { students: { type: 'string' }, bad: { type: 'string' } } });
const org = await startOrg({
  students: Number(values.students),
  badStudents: Number(values.bad ?? 0),
  // The rivals would spend a real org's day in minutes.
  dailyApiRequests: 1_000_000_000,
});
const { clientId, clientSecret } = org.credentials;
process.stdout.write(`${JSON.stringify({ url: org.url, clientId, clientSecret })}\n`);

let changes = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const share = Number(/^change ([\d.]+)$/.exec(line)?.[1]);
  const every = Math.round(1 / share);
  const ids = org.records
    .find('Contact', (field) => field('Contact_Type__c') === 'Student')
    .filter((_, index) => index % every === 0);
  changes += 1;
  for (const id of ids) org.records.update('Contact', id, { MiddleName: `Change ${changes}` });
  process.stdout.write(`${JSON.stringify({ changed: ids.length })}\n`);
}
await org.close();
