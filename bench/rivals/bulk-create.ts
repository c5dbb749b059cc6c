/** What people write today: everything by jsforce into memory, then Sequelize bulkCreate with updateOnDuplicate. */
import type { Model, ModelStatic, Transaction } from 'sequelize';
import { openModels, readClasses } from './models.ts';
import { readStudents } from './read-org.ts';
import { type Rows, toRows } from './to-rows.ts';

interface ChildRow {
  readonly contactId: number | undefined;
  readonly row: Record<string, unknown> | null;
}

interface ChildTable {
  readonly model: ModelStatic<Model>;
  readonly column: string;
  readonly transaction: Transaction;
}

const BATCH = 1000;

const models = openModels();
const classes = await readClasses(models);
const students = (await readStudents()).map((record) => toRows(record, classes)).filter((row) => row !== null);
for (let start = 0; start < students.length; start += BATCH) {
  const batch = students.slice(start, start + BATCH);
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
  const emails = batch.map((row, index) => ({ contactId: ids[index], row: row.email }));
  const phones = batch.map((row, index) => ({ contactId: ids[index], row: row.phone }));
  await writeChildren(emails, { model: models.email, column: 'email', transaction });
  await writeChildren(phones, { model: models.phone, column: 'number', transaction });
}

/** Child rows have no unique key to conflict on, so their ids are looked up, as a script would have to. */
async function writeChildren(children: readonly ChildRow[], { model, column, transaction }: ChildTable): Promise<void> {
  const rows = children.flatMap(({ contactId, row }) => (row === null ? [] : [{ contact_id: contactId, ...row }]));
  const found = await model.findAll({
    attributes: ['id', 'contact_id'],
    where: { contact_id: rows.map((row) => row.contact_id), type: 'personal' },
    transaction,
  });
  const known = new Map(found.map((row) => [row.get('contact_id'), row.get('id')]));
  const old = rows.filter((row) => known.has(row.contact_id)).map((row) => ({ id: known.get(row.contact_id), ...row }));
  const fresh = rows.filter((row) => !known.has(row.contact_id));
  if (old.length > 0) await model.bulkCreate(old, { updateOnDuplicate: [column, 'primary'], transaction });
  if (fresh.length > 0) await model.bulkCreate(fresh, { transaction });
}
