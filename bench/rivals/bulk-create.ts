/** What people write today: everything by jsforce into memory, then Sequelize bulkCreate with updateOnDuplicate. */
import type { Model, ModelStatic, Transaction } from 'sequelize';
import { openModels, readClasses } from './models.ts';
import { readStudents } from './read-org.ts';
import { type Rows, toRows } from './to-rows.ts';

const BATCH = 1000;

const models = openModels();
const classes = await readClasses(models);
const rows = (await readStudents()).map((record) => toRows(record, classes)).filter((row) => row !== null);
for (let start = 0; start < rows.length; start += BATCH) {
  const batch = rows.slice(start, start + BATCH);
  await models.sequelize.transaction((transaction) => writeBatch(batch, transaction));
}
await models.sequelize.close();

async function writeBatch(batch: readonly Rows[], transaction: Transaction): Promise<void> {
  const contacts = await models.contact.bulkCreate(
    batch.map((row) => row.contact),
    {
      updateOnDuplicate: ['first_name', 'last_name', 'middle_name', 'birthdate', 'gender'],
      conflictAttributes: ['salesforce_individual_id'],
      returning: ['id'],
      transaction,
    },
  );
  const ids = contacts.map((contact) => contact.get('id') as number);
  await models.student.bulkCreate(
    batch.map((row, index) => ({ id: ids[index], ...row.student })),
    {
      updateOnDuplicate: ['student_id', 'current_grade', 'legacy_grade', 'racial_ethnic', 'class_salesforce_id'],
      transaction,
    },
  );
  await writeChildren(
    models.email,
    'email',
    batch.map((row) => row.email),
    ids,
    transaction,
  );
  await writeChildren(
    models.phone,
    'number',
    batch.map((row) => row.phone),
    ids,
    transaction,
  );
}

/** Child rows have no unique key to conflict on, so their ids are looked up, as a script would have to. */
async function writeChildren(
  model: ModelStatic<Model>,
  column: string,
  rows: readonly (Record<string, unknown> | null)[],
  ids: readonly number[],
  transaction: Transaction,
): Promise<void> {
  const found = (await model.findAll({
    attributes: ['id', 'contact_id'],
    where: { contact_id: [...ids], type: 'personal' },
    raw: true,
    transaction,
  })) as unknown as { id: number; contact_id: number }[];
  const known = new Map(found.map((row) => [row.contact_id, row.id]));
  const all = rows.flatMap((row, index) => {
    const contactId = ids[index];
    return row === null || contactId === undefined ? [] : [{ id: known.get(contactId), contact_id: contactId, ...row }];
  });
  const old = all.filter((row) => row.id !== undefined);
  const fresh = all.filter((row) => row.id === undefined).map(({ id: _, ...row }) => row);
  if (old.length > 0) await model.bulkCreate(old, { updateOnDuplicate: [column, 'primary'], transaction });
  if (fresh.length > 0) await model.bulkCreate(fresh, { transaction });
}
