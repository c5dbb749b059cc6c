import { describe, expect, it } from '@jest/globals';
import { findDrift } from '../../src/drift/drift.ts';
import { byName, type Objects, undescribed } from '../../src/drift/find-field.ts';
import { usedFields } from '../../src/drift/used-fields.ts';
import type { Mapping } from '../../src/config/mapping.ts';
import type { DriftNote } from '../../src/flow/drift-note.ts';
import type { SourceField } from '../../src/flow/source-object.ts';
import { books, fieldOf, library, objectOf, OWNER, SHELF, STATE, TITLE } from './described.ts';

const NOBODY_COUNTS = async (): Promise<null> => Promise.resolve(null);

async function drift(now: Objects, before: Objects = byName([]), mapping?: Mapping): Promise<readonly DriftNote[]> {
  return findDrift([mapping ?? (await books())], { now, before }, NOBODY_COUNTS);
}

function said(notes: readonly DriftNote[]): string[] {
  return notes.map(({ severity, kind, message }) => `${severity} ${kind}: ${message}`);
}

const STAMPLESS_SOQL = 'SELECT Id, Title__c, State__c, Owner__r.Name FROM Book__c WHERE Shelf__c != null';
/** Books without the usual stamp. */
function stampless(...fields: readonly SourceField[]): Objects {
  const { name, fields: all } = objectOf('Book__c', TITLE, SHELF, STATE, OWNER, ...fields);
  return byName([
    { name, fields: all.filter((field) => field.name !== 'SystemModstamp') },
    objectOf('Person', fieldOf('Name')),
  ]);
}

function withValues(...picklist: string[]): Objects {
  return library(TITLE, SHELF, { ...STATE, picklist }, OWNER);
}

describe('what a mapping asks the org for', () => {
  it('is what it selects, what it filters by and its cursor, each once', async () => {
    expect(usedFields(await books()).map(({ path }) => path)).toEqual([
      'Id',
      'Title__c',
      'State__c',
      'Owner__r.Name',
      'SystemModstamp',
      'Shelf__c',
    ]);
  });

  it('leads on to the objects of parents', async () => {
    const used = usedFields(await books());
    const book = objectOf('Book__c', TITLE, SHELF, STATE, OWNER);

    expect(undescribed(used, byName([]))).toEqual(['Book__c']);
    expect(undescribed(used, byName([book]))).toEqual(['Person']);
    expect(undescribed(used, library())).toEqual([]);
  });
});

describe('fields that a mapping needs', () => {
  it('are nothing to tell of when they are there, in any case', async () => {
    expect(await drift(library(fieldOf('TITLE__C'), SHELF, STATE, OWNER))).toEqual([]);
  });

  it('are told by the field that may be meant, when they were never there', async () => {
    expect(said(await drift(library(fieldOf('Titel__c'), SHELF, STATE, OWNER)))).toEqual([
      'error missing: Book__c has no field Title__c that this user can read. Is Titel__c meant?',
    ]);
  });

  it('are told as renamed when a new one has the same label', async () => {
    const notes = await drift(library(TITLE, fieldOf('Place__c', { label: 'Shelf' }), STATE, OWNER), library());

    expect(said(notes)).toEqual([
      'error missing: Book__c.Shelf__c is not there any more: renamed to Place__c? (same label) Or the permission to read it was lost.',
    ]);
  });

  it('are told as renamed when a new one has a similar name', async () => {
    const notes = await drift(library(fieldOf('Titles__c', { label: 'All titles' }), SHELF, STATE, OWNER), library());

    expect(said(notes)).toEqual([
      'error missing: Book__c.Title__c is not there any more: renamed to Titles__c? (a similar name) Or the permission to read it was lost.',
    ]);
  });

  it('are told as lost when nothing looks like them', async () => {
    expect(said(await drift(library(TITLE, SHELF, OWNER), library()))).toEqual([
      'error missing: Book__c.State__c is not there any more: it was deleted, or the permission to read it was lost.',
    ]);
  });

  it('are looked for in the parent, too', async () => {
    const now = byName([objectOf('Book__c', TITLE, SHELF, STATE, OWNER), objectOf('Person', fieldOf('Full_Name__c'))]);

    expect(await drift(now, library())).toMatchObject([{ object: 'Person', field: 'Owner__r.Name', kind: 'missing' }]);
  });

  it('are told when the way to the parent is not there', async () => {
    expect(said(await drift(library(TITLE, SHELF, STATE), library()))).toEqual([
      'error missing: Book__c.Owner__r is not there any more: it was deleted, or the permission to read it was lost.',
    ]);
  });

  it('are not guessed at behind a reference to several objects', async () => {
    const anybody = { ...OWNER, referenceTo: ['Person', 'Company__c'] };

    expect(await drift(library(TITLE, SHELF, STATE, anybody))).toEqual([]);
  });
});

describe('the cursor of a mapping', () => {
  it('is told with the stamp that there is instead', async () => {
    const now = stampless(fieldOf('LastModifiedDate', { type: 'datetime' }));

    expect(said(await drift(now, byName([]), await books({ soql: STAMPLESS_SOQL })))).toEqual([
      'error cursor: Book__c has no SystemModstamp, so nobody can tell what has changed. ' +
        'Write `incremental: { cursor: LastModifiedDate }` or `incremental: false` in the mapping books.',
    ]);
  });

  it('is told with what to do when there is no stamp at all', async () => {
    expect(said(await drift(stampless(), byName([]), await books({ soql: STAMPLESS_SOQL })))).toEqual([
      'error cursor: Book__c has no SystemModstamp, so nobody can tell what has changed. ' +
        'Write `incremental: false` in the mapping books.',
    ]);
  });

  it('is not needed where everything is read in every run', async () => {
    expect(
      await drift(stampless(), byName([]), await books({ soql: STAMPLESS_SOQL, more: 'incremental: false' })),
    ).toEqual([]);
  });

  it('must be a date-time', async () => {
    const mapping = await books({ more: 'incremental: { cursor: Title__c }' });

    expect(said(await drift(library(), byName([]), mapping))).toEqual([
      'error cursor: Book__c.Title__c is a string: only a date-time can be a cursor.',
    ]);
  });
});

describe('a field that is another than in the last run', () => {
  it.each([
    [
      'of another type',
      fieldOf('Title__c', { type: 'double' }),
      'warning retyped: Book__c.Title__c was a string and is a double now: its values may not fit any more.',
    ],
    [
      'shorter',
      fieldOf('Title__c', { length: 40 }),
      'warning shortened: Book__c.Title__c took 80 characters and takes 40 now: longer values stay as they are until somebody edits them.',
    ],
    [
      'longer than its column',
      fieldOf('Title__c', { length: 255 }),
      'warning lengthened: Book__c.Title__c took 80 characters and takes 255 now: book.title holds 80.',
    ],
    [
      'one that must be filled in',
      fieldOf('Title__c', { nillable: false }),
      'warning required: Book__c.Title__c must be filled in now: records from before may still be blank.',
    ],
    [
      'a formula',
      fieldOf('Title__c', { calculated: true }),
      'warning calculated: Book__c.Title__c is a formula or a roll-up now: it can change without a new stamp. Set `refresh_formulas` in the mapping.',
    ],
  ])('is told: %s', async (_what, title, note) => {
    expect(said(await drift(library(title, SHELF, STATE, OWNER), library()))).toEqual([note]);
  });

  it('is no matter when its column cuts it anyway', async () => {
    const mapping = await books({ title: '{ from: Title__c, transform: [{ truncate: { length: 80 } }] }' });
    const now = library(fieldOf('Title__c', { length: 255 }), SHELF, STATE, OWNER);

    expect(await drift(now, library(), mapping)).toEqual([]);
  });

  it('is no matter when no mapping uses it', async () => {
    const before = library(TITLE, SHELF, STATE, OWNER, fieldOf('Colour__c'));
    const now = library(TITLE, SHELF, STATE, OWNER, fieldOf('Colour__c', { type: 'double' }));

    expect(await drift(now, before)).toEqual([]);
  });

  it('is told once, whichever mappings read it', async () => {
    const mapping = await books();
    const now = library(fieldOf('Title__c', { length: 40 }), SHELF, STATE, OWNER);

    const notes = await findDrift(
      [mapping, { ...mapping, name: 'more-books' }],
      { now, before: library() },
      NOBODY_COUNTS,
    );

    expect(notes).toMatchObject([{ kind: 'shortened', mappings: ['books', 'more-books'] }]);
  });
});

describe('new values of a picklist', () => {
  it('are told with how many records have them', async () => {
    const asked: (string | null)[] = [];

    const [note] = await findDrift(
      [await books()],
      { now: withValues('In', 'Out', 'Lost', 'Sold'), before: library() },
      async ({ count }) => {
        asked.push(count);
        return Promise.resolve(new Map([['Lost', 12]]));
      },
    );

    expect(note).toMatchObject({ kind: 'new_values', object: 'Book__c', field: 'State__c', records: 12 });
    expect(note?.message).toBe(
      'Book__c.State__c has 2 new values that the map book.state does not have (on_unknown: quarantine): ' +
        'Lost (12 records), Sold (0 records).',
    );
    expect(asked).toEqual([
      `SELECT State__c, COUNT(Id) FROM Book__c WHERE Shelf__c != null AND State__c IN ('Lost', 'Sold') GROUP BY State__c`,
    ]);
  });

  it('are nothing to tell of when the map knows them, after its transforms', async () => {
    expect(await drift(withValues('In', 'Out', ' OUT '), library())).toEqual([]);
  });

  it('are told once: not in the first run, and not again when they were there', async () => {
    expect(await drift(withValues('In', 'Out', 'Lost'))).toEqual([]);
    expect(await drift(withValues('In', 'Out', 'Lost'), withValues('Lost', 'In', 'Out'))).toEqual([]);
  });

  it('are told without numbers where the org cannot group by the field', async () => {
    const now = library(TITLE, SHELF, { ...STATE, groupable: false, picklist: ['In', 'Out', 'Lost'] }, OWNER);

    const notes = await drift(now, library());

    expect(notes).toMatchObject([{ records: null, message: expect.stringContaining(': Lost.') }]);
  });

  it('are left to the run where a transform decides what they become', async () => {
    const mapping = await books();
    const table = mapping.tables[0];
    if (table === undefined) throw new Error('no table');
    const columns = table.columns.map((column) => ({ ...column, transforms: [{ name: 'own.change', args: {} }] }));

    expect(
      await drift(withValues('In', 'Out', 'Lost'), library(), { ...mapping, tables: [{ ...table, columns }] }),
    ).toEqual([]);
  });
});
