import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PROGRAM = `
  import { createRequire } from 'node:module';
  const { loadJsforce } = await import(${url('jsforce')});
  await import(${url('http-client')});
  const { connection, oauth2 } = await loadJsforce();
  const carry = async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' });
  connection({ instanceUrl: 'https://org.example', version: '62.0' }, carry);
  oauth2({ loginUrl: 'https://login.example' }, carry);
  const loaded = [...Object.keys(createRequire(import.meta.url).cache), ...process.moduleLoadList];
  console.log(JSON.stringify(loaded.filter((name) => /undici/.test(name))));
`;

describe('what the dock to the org loads', () => {
  it('has no HTTP client but the one that it uses: each other one takes 12 MB', async () => {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', PROGRAM]);

    expect(JSON.parse(stdout)).toEqual([]);
  });
});

function url(module: string): string {
  return JSON.stringify(new URL(`../../src/salesforce/${module}.ts`, import.meta.url).href);
}
