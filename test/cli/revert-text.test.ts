import { describe, expect, it } from '@jest/globals';
import { refusedText, revertText } from '../../src/cli/revert-text.ts';
import { SyncError } from '../../src/errors/sync-error.ts';

const REVERTED = {
  run_id: '47b0',
  started_at: '2026-01-02T03:04:05.000Z',
  reverted_by: '9f3c',
  dry_run: false,
  tables: { contact: { inserted: 1, updated: 12, deleted: 300 } },
  read_again: ['students', 'volunteers'],
};

describe('what a revert tells', () => {
  it('is what became of the rows, and what the next run reads', () => {
    expect(revertText(REVERTED)).toBe(
      [
        'Run 47b0 was reverted.',
        'table    taken out  put back  inserted again',
        'contact        300        12               1',
        'The next run reads in full: students, volunteers',
        '',
      ].join('\n'),
    );
  });

  it('is what it would do, where it only looks', () => {
    const text = revertText({ ...REVERTED, dry_run: true, reverted_by: null });

    expect(text).toContain('would be reverted');
    expect(text).toContain('would then read in full');
  });

  it('says so where there was nothing to put back', () => {
    expect(revertText({ ...REVERTED, tables: {}, read_again: [] })).toBe(
      'Run 47b0 was reverted.\nIt had changed no row.\n',
    );
  });
});

describe('what stands against a revert', () => {
  it('is listed by table and key, with how many more there are', () => {
    const listed = [
      { table: 'contact', key: { id: 17 }, why: 'changed since' },
      { table: 'stall', key: { fair: 'A', number: 3 }, why: 'referred to since', by: 'person' },
    ];
    const error = new SyncError('REVERT_REFUSED', '', { details: { rows: 5, listed } });

    expect(refusedText(error)).toBe(
      [
        'table    key  why',
        'contact  17   changed since',
        'stall    A 3  referred to since by person',
        'and 3 more',
        '',
      ].join('\n'),
    );
  });

  it('is nothing for any other trouble', () => {
    expect(refusedText(new SyncError('NOT_FOUND', 'There is no run 47b0.'))).toBe('');
  });
});
