import { removeServer } from './global-setup.ts';
import { serverFolder } from './server-folder.ts';

// oxlint-disable-next-line import/no-default-export -- jest asks for it
export default async function tearDown(): Promise<void> {
  await removeServer(serverFolder());
}
