import { removeServer } from './global-setup.ts';

// oxlint-disable-next-line import/no-default-export -- jest asks for it
export default async function tearDown(): Promise<void> {
  const folder = process.env['SLUICE_TEST_SERVER'];
  if (folder !== undefined) await removeServer(folder);
}
