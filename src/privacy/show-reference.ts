import { toSalesforceId } from '../flow/salesforce-id.ts';
import { maskValue } from './mask-record.ts';

/**
 * A reference to a parent that is not here, made safe to show. An id of the org says nothing to who may not open it; but a
 * link may go by a name or an e-mail address, and then the reference is that.
 */
export function shownReference(reference: string): string {
  // Words of fifteen letters have the form of an id; ids have a digit.
  return toSalesforceId(reference) !== null && /\d/u.test(reference) ? reference : maskValue(reference);
}
