import type { Environment } from '../config/interpolate.ts';
import type { Project } from '../config/project.ts';
import { SyncError } from '../errors/sync-error.ts';
import { recordSeal, type RecordKeeping } from '../privacy/seal-record.ts';

/** The variable that the key comes from. */
const KEY = 'SLUICE_QUARANTINE_KEY';

/** What is kept of a record in quarantine, and the key for it where the environment has one. */
export function recordKeeping(project: Project, environment: Environment): RecordKeeping {
  return { record: project.privacy.quarantine.record, seal: recordSeal(environment[KEY] ?? '') };
}

/**
 * @throws SyncError QUARANTINE_KEY_MISSING when records are to be sealed, or were sealed, and the key for it is not here
 * @param sealedBy  keys by which records were sealed that are to be opened
 */
export function requireKey(
  { record, seal }: RecordKeeping,
  environment: Environment,
  sealedBy: readonly string[],
): void {
  const others = sealedBy.filter((keyId) => keyId !== seal?.keyId);
  if (seal === null) {
    if (record !== 'encrypt' && others.length === 0) return;
    const why = (environment[KEY] ?? '') === '' ? 'is not set' : 'is no key of 32 bytes in base64 or hex';
    const what = others.length === 0 ? 'Records in quarantine are to be encrypted' : sealedText(others);
    const actions = others.length === 0 ? {} : { actions: keyActions(others) };
    throw new SyncError('QUARANTINE_KEY_MISSING', `${what}, and ${KEY} ${why}.`, actions);
  }
  if (others.length === 0) return;
  throw new SyncError('QUARANTINE_KEY_MISSING', `${sealedText(others)}, and ${KEY} is key ${seal.keyId}.`, {
    details: { sealed_by: others, key: seal.keyId },
    actions: keyActions(others),
  });
}

/** No new key opens what an old one has sealed. */
function keyActions(keyIds: readonly string[]): readonly string[] {
  return [
    `Set ${KEY} to the key ${keyIds.join(', ')}.`,
    'If it is lost: `sluice run --full-refresh` keeps the records anew, from the org.',
  ];
}

function sealedText(keyIds: readonly string[]): string {
  return `Records in quarantine were encrypted by key ${keyIds.join(', ')}`;
}
