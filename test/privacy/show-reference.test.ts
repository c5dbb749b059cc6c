import { describe, expect, it } from '@jest/globals';
import { statusOf } from '../../src/app/status-of.ts';
import { shownReference } from '../../src/privacy/show-reference.ts';
import { openRig } from '../support/rig.ts';

describe('the parents that are missed', () => {
  it.each(['0018Q0000000001QAA', '0018Q0000000001'])('are shown by their id: %s', (id) => {
    expect(shownReference(id)).toBe(id);
  });

  it.each([
    ['ada.okafor@school.example', '[e-mail address, up to 50 characters]'],
    ['Featherstonehau', '[text, up to 20 characters]'],
    ['[[0,"ada@school.example"]]', '[e-mail address, up to 50 characters]'],
  ])('are not shown by anything else: %s', (reference, shown) => {
    expect(shownReference(reference)).toBe(shown);
  });

  it('are masked in the status where a link goes by a name', async () => {
    const rig = await openRig(
      { students: 10 },
      {
        files: {
          'sync.config.yaml': 'version: 1\nproject: names\n',
          'mappings/people.yaml': `version: 1
mapping: people
source: { object: Contact }
phases:
  main:
tables:
  person:
    key: salesforce_id
    columns:
      salesforce_id: Id
      email: Email
      friend_id: { from: LastName, link: { table: person, by: email }, on_missing: wait }
`,
          'mappings/tables/person.yaml': `table: person
columns:
  salesforce_id: { type: string(18), required: true, unique: true }
  email: { type: text, unique: true, pii: true }
  friend_id: { type: integer, references: person.id, on_delete: set_null, index: true }
`,
        },
      },
    );
    await rig.run();

    const { mappings } = await statusOf(rig.database, { project: rig.project, mappings: rig.project.mappings, top: 5 });

    const wanted = mappings.flatMap(({ links }) => links.flatMap((link) => link.most_wanted));
    expect(wanted).toHaveLength(5);
    for (const { parent_ref: shown } of wanted) expect(shown).toMatch(/^\[text, up to \d+ characters\]$/);
  });
});
