/** The other thing that people write: one upsert a row. Only a sample, because all of them take minutes. */
import type { Transaction } from 'sequelize';
import { openModels, readClasses } from './models.ts';
import { readStudents } from './read-org.ts';
import { setting } from './setting.ts';
import { type Rows, toRows } from './to-rows.ts';

const COMMIT = 100;

const models = openModels();
const classes = await readClasses(models);
const records = await readStudents(Number(setting('BENCH_SAMPLE')));
const rows = records.map((record) => toRows(record, classes)).filter((row) => row !== null);
const start = performance.now();
for (let at = 0; at < rows.length; at += COMMIT) {
  const batch = rows.slice(at, at + COMMIT);
  await models.sequelize.transaction(async (transaction) => {
    for (const row of batch) await writeOne(row, transaction);
  });
}
// Only the writing is scaled to all students: reading and starting cost a sample as much as a whole.
process.stdout.write(JSON.stringify({ rows: rows.length, seconds: (performance.now() - start) / 1000 }));
await models.sequelize.close();

async function writeOne(row: Rows, transaction: Transaction): Promise<void> {
  const [contact] = await models.contact.upsert(row.contact, {
    conflictFields: ['salesforce_individual_id'],
    transaction,
  });
  const id = contact.get('id') as number;
  await models.student.upsert({ id, ...row.student }, { transaction });
  for (const [model, child] of [[models.email, row.email] as const, [models.phone, row.phone] as const]) {
    if (child === null) continue;
    const where = { contact_id: id, type: 'personal' };
    const found = await model.findOne({ where, transaction });
    await (found === null
      ? model.create({ contact_id: id, ...child }, { transaction })
      : found.update(child, { transaction }));
  }
}
