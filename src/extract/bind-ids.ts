import { SyncError } from '../errors/sync-error.ts';
import { parseSoql } from '../soql/parse.ts';
import { SoqlSyntaxError } from '../soql/syntax-error.ts';
import { tokenize } from '../soql/tokenize.ts';
import { inLists } from './in-lists.ts';

/**
 * Puts lists of texts where a query says `:ids`.
 * @param ids  null when the query asks for none
 * @returns a query for each list; none when there is nothing to ask for
 * @throws SyncError ORG_QUERY_REFUSED when the query does not parse, or `:ids` and the list do not go together
 */
export function bindIds(soql: string, ids: readonly (string | null)[] | null): readonly string[] {
  const places = placesOfIds(soql);
  const [place] = places;
  if (ids === null) {
    if (place !== undefined) throw refused('it says :ids, but gets no list');
    parsed(() => parseSoql(soql));
    return [soql];
  }
  if (place === undefined || places.length > 1) throw refused('with a list, it must say :ids once');
  const queries = (list: string): string => soql.slice(0, place.from) + list + soql.slice(place.to);
  parsed(() => parseSoql(queries("('')")));
  return inLists(ids).map(queries);
}

/** Where `:ids` stands, outside of texts. */
function placesOfIds(soql: string): readonly { readonly from: number; readonly to: number }[] {
  const tokens = parsed(() => tokenize(soql));
  return tokens.flatMap((token, index) => {
    const next = tokens[index + 1];
    const isIds = token.kind === 'symbol' && token.text === ':' && next?.kind === 'word' && next.text === 'ids';
    return isIds ? [{ from: token.offset, to: next.end }] : [];
  });
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SoqlSyntaxError)) throw error;
    // Its message may quote the query, into which somebody may have written values.
    throw refused(`it does not parse at character ${String(error.offset + 1)}`);
  }
}

function refused(why: string): SyncError {
  return new SyncError('ORG_QUERY_REFUSED', `A query of a plugin cannot be asked: ${why}.`, {
    actions: ['Correct the query in the plugin.'],
  });
}
