/** A floor where the machine has no psql: the same statements, and COPY by the pg package. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { copySql } from '../floor.ts';
import { FLOORS } from '../floors.ts';
import { setting } from './setting.ts';

const name = setting('BENCH_FLOOR');
const floor = Object.entries(FLOORS).find(([known]) => known === name)?.[1];
if (floor === undefined) throw new Error(`there is no floor ${name}`);
const client = new Client({ connectionString: setting('DATABASE_URL') });
await client.connect();
await client.query(floor.createStaging);
await pipeline(createReadStream(setting('BENCH_CSV')), client.query(copyFrom(copySql(floor, 'STDIN'))));
await client.query(floor.load);
await client.end();
