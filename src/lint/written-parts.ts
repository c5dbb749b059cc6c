import { namedEntries } from '../config/named-entries.ts';
import type { MappingFileAlternative, MappingFileColumn } from '../config/schema/column-mapping.ts';
import type { MappingFileEachValue } from '../config/schema/mapping-table.ts';
import type { WrittenMapping } from '../config/written-mapping.ts';

/** What a column, an entry of `each` or a way of `first_of` says. */
export type WrittenPart = Pick<MappingFileColumn, 'map' | 'link' | 'create' | 'lookup'>;

/** All of them in a mapping. */
export function writtenParts({ tables }: WrittenMapping): readonly WrittenPart[] {
  return namedEntries(tables).flatMap(([, { columns, each = [] }]) => {
    const entries = each.flatMap((entry) => namedEntries<MappingFileEachValue>(entry));
    return [...namedEntries(columns), ...entries].flatMap(([, written]) =>
      typeof written === 'object' && written !== null ? [written, ...(written.first_of ?? []).map(alternative)] : [],
    );
  });
}

function alternative({ map, link, lookup }: MappingFileAlternative): WrittenPart {
  return {
    ...(map === undefined ? {} : { map }),
    ...(link === undefined ? {} : { link }),
    ...(lookup === undefined ? {} : { lookup }),
  };
}
