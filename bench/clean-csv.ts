import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';

const NAME_LENGTH = 50;
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;
const NUL = '\u0000';

/**
 * Writes the CSV that the floor loads: the org's own, without what would make a plain COPY or INSERT fail. One bad value
 * sinks such a load as a whole, so the floor gets it for free; Sluice has to find it itself. Header and order stay.
 * @returns records written
 */
export async function cleanCsv(from: string, to: string): Promise<number> {
  let written = 0;
  const clean = new Transform({
    objectMode: true,
    transform(record: Record<string, string>, _encoding, done) {
      if (isRefused(record)) return done();
      if (written === 0) this.push(line(Object.keys(record)));
      written += 1;
      done(null, line(Object.values(cleaned(record))));
    },
  });
  await pipeline(createReadStream(from), parse({ columns: true, bom: true }), clean, createWriteStream(to));
  return written;
}

function isRefused(record: Record<string, string>): boolean {
  const names = [record['FirstName'] ?? '', record['LastName'] ?? ''].map((name) => name.trim());
  return names.some((name) => name === '' || Array.from(name).length > NAME_LENGTH);
}

function cleaned(record: Record<string, string>): Record<string, string> {
  const grade = Number(record['Current_Grade__c'] ?? '');
  const email = (record['Email'] ?? '').trim();
  return {
    ...record,
    Current_Grade__c: Number.isInteger(grade) && grade >= 0 && grade <= 12 ? (record['Current_Grade__c'] ?? '') : '',
    Email: EMAIL.test(email) ? email : '',
  };
}

function line(values: readonly string[]): string {
  return `${values.map((value) => `"${value.replaceAll(NUL, '').replaceAll('"', '""')}"`).join(',')}\n`;
}
