/** The floor where the machine has no psql: the same statements, and COPY by the pg package. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { COMPARE_AND_WRITE, COPY_COLUMNS, COPY_OPTIONS, CREATE_STAGING, INSERT_ONLY } from '../floor-sql.ts';
import { setting } from './setting.ts';

const client = new Client({ connectionString: setting('DATABASE_URL') });
await client.connect();
await client.query(CREATE_STAGING);
await pipeline(
  createReadStream(setting('BENCH_CSV')),
  client.query(copyFrom(`COPY ${COPY_COLUMNS} FROM STDIN WITH ${COPY_OPTIONS}`)),
);
await client.query(setting('BENCH_FLOOR') === 'insert' ? INSERT_ONLY : COMPARE_AND_WRITE);
await client.end();
