import { removeServer } from './global-setup.ts';

export default async function tearDown(): Promise<void> {
  const folder = process.env['SLUICE_TEST_SERVER'];
  if (folder !== undefined) await removeServer(folder);
}
