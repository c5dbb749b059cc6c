import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SyncError } from '../../src/errors/sync-error.ts';
import { logTo, openLog } from '../../src/log/log.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const CANARY = 'Zanzibar-Quince';

/** A log that keeps its lines. */
function recorded() {
  const lines: string[] = [];
  const log = logTo({ write: (line) => void lines.push(line) }, 'trace');
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

/** What pg throws: nearly every part of it quotes the row. */
function databaseError() {
  return Object.assign(new Error(`invalid input syntax for type integer: "${CANARY}"`), {
    code: '22P02',
    constraint: 'contact_check',
    table: 'contact',
    column: 'birthdate',
    detail: `Failing row contains (${CANARY}).`,
    where: `COPY staging, line 1: "${CANARY}"`,
    parameters: [CANARY],
    sql: `INSERT INTO contact VALUES ('${CANARY}')`,
  });
}

describe('log', () => {
  it('writes a line of JSON with level, time, message and known fields', () => {
    const { log, last } = recorded();

    log.child({ run: 'r-1' }).child({ step: 2, mapping: 'students' }).warn({ records: 12 }, 'records quarantined');

    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
      run: 'r-1',
      step: 2,
      mapping: 'students',
      records: 12,
      msg: 'records quarantined',
    });
  });

  it('hides text under a name that nobody has thought about', () => {
    const { log, last } = recorded();

    log.info({ firstName: CANARY, record: { Email: CANARY, Id: CANARY }, values: [CANARY] }, 'loaded');

    expect(last()).toMatchObject({
      firstName: '[hidden]',
      record: { Email: '[hidden]', Id: '[hidden]' },
      values: ['[hidden]'],
    });
  });

  it('hides text in the fields of a child, too', () => {
    const { log, lines } = recorded();

    log.child({ name: CANARY, err: databaseError() }).info('loaded');

    expect(lines.join('')).not.toContain(CANARY);
  });

  it('keeps of a database error its codes and names, never its message, detail or parameters', () => {
    const { log, last, lines } = recorded();

    log.error({ err: databaseError() }, 'batch refused');

    expect(last()['err']).toMatchObject({
      name: 'Error',
      sqlState: '22P02',
      constraint: 'contact_check',
      table: 'contact',
      column: 'birthdate',
    });
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('looks into the error that Sequelize wraps, and into causes', () => {
    const { log, last, lines } = recorded();
    const wrapped = Object.assign(new Error(CANARY), { name: 'SequelizeDatabaseError', original: databaseError() });

    log.error({ err: new SyncError('DATABASE_FAILED', 'Step students failed.', { cause: wrapped }) }, 'step failed');

    expect(last()['err']).toMatchObject({
      name: 'SyncError',
      code: 'DATABASE_FAILED',
      message: 'Step students failed.',
      cause: { name: 'SequelizeDatabaseError', sqlState: '22P02', constraint: 'contact_check' },
    });
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('takes a bare error without making its message the line', () => {
    const { log, last, lines } = recorded();

    log.error(databaseError());

    expect(last()).toMatchObject({ msg: 'error', err: { sqlState: '22P02' } });
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('drops arguments that would be moving parts in a still message', () => {
    const { log, last, lines } = recorded();

    log.info('loaded %s', CANARY);

    expect(last()['msg']).toBe('loaded %s');
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('takes user, password and query out of an address', () => {
    const { log, last } = recorded();

    log.info({ instanceUrl: 'https://ann:secret@example.test/services?token=abc' }, 'connected');

    expect(last()['instanceUrl']).toBe('https://example.test/services');
  });

  it('survives an error that is its own cause', () => {
    const { log, last } = recorded();
    const error = new Error('circle');
    error.cause = error;

    log.error({ err: error }, 'failed');

    expect(last()['msg']).toBe('failed');
  });
});

const fail = (code: string): never => {
  throw new Error(code);
};

describe('log file', () => {
  it('is made with its folder, and holds a line as soon as it is logged', () => {
    const file = path.join(scratchFolder(), 'logs', 'sluice.log');

    openLog({ level: 'info', file, onTrouble: fail }).info('hello');

    expect(readFileSync(file, 'utf8')).toContain('"msg":"hello"');
  });

  it('is put aside when it has grown past ten megabytes', () => {
    const file = path.join(scratchFolder(), 'sluice.log');
    writeFileSync(file, 'x'.repeat(11 * 1024 * 1024));

    openLog({ level: 'info', file, onTrouble: fail }).info('hello');

    expect(statSync(`${file}.1`).size).toBe(11 * 1024 * 1024);
    expect(statSync(file).size).toBeLessThan(1000);
  });

  it('stops nobody when it cannot be written, and says so once', () => {
    const told: string[] = [];
    const log = openLog({ level: 'info', file: '/dev/full', onTrouble: (code) => told.push(code) });

    log.info('hello');
    log.info('hello again');

    expect(told).toEqual(['ENOSPC']);
  });

  it('is left out where its folder cannot be made', () => {
    const told: string[] = [];
    const log = openLog({ level: 'info', file: '/dev/null/logs/x.log', onTrouble: (code) => told.push(code) });

    log.info('hello');

    expect(told).toEqual(['ENOTDIR']);
  });
});
