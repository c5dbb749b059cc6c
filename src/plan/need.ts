import type { ColumnMapping, Mapping, TableMapping } from '../config/mapping.ts';
import type { Link } from '../config/link.ts';

/** Why a step is better done after another. */
export type Reason =
  /** A link's parents are rows of `table`, which the other step fills. */
  | { readonly kind: 'link'; readonly link: string; readonly table: string }
  /** A link finds its parents by other names, too, and those stand in `table`. */
  | { readonly kind: 'alias'; readonly link: string; readonly table: string }
  /** A parent that is not here is made from rows of `table`. */
  | { readonly kind: 'copy'; readonly link: string; readonly table: string }
  /** It only changes rows of `table`, and the other step inserts them. */
  | { readonly kind: 'rows'; readonly table: string }
  /** The mapping says so. */
  | { readonly kind: 'after' }
  /** It resolves links of rows that the other step, of the same mapping, has read. */
  | { readonly kind: 'reading' };

/**
 * What happens where the other step has not been done:
 * - `must`: records are put off, put aside or lose the reference;
 * - `waits`: the row is written without the parent, and linked as soon as it is here;
 * - `may`: the row does without, or makes a parent of its own.
 */
export type Strength = 'must' | 'waits' | 'may';

export interface Need {
  readonly reason: Reason;
  readonly strength: Strength;
  /** True when a circle may be broken here: in the end the rows are the same, whichever step comes first. */
  readonly deferrable: boolean;
}

export interface LinkColumn {
  /** `table.column`. */
  readonly name: string;
  readonly mapped: TableMapping;
  readonly column: ColumnMapping;
  readonly link: Link;
}

/** Every link of a mapping by its name, those of child entries too. */
export function linkColumns({ tables }: Pick<Mapping, 'tables'>): readonly LinkColumn[] {
  return tables.flatMap((mapped) =>
    [...mapped.columns, ...mapped.each.flatMap(({ columns }) => columns)].flatMap((column) =>
      column.link === null
        ? []
        : [{ name: `${mapped.table.name}.${column.column.name}`, mapped, column, link: column.link }],
    ),
  );
}

/** Tables in which a link looks, each with what it means that they are not filled yet. */
export function needsOf(found: LinkColumn): readonly (Need & { readonly table: string })[] {
  const { name, link } = found;
  const strength = strengthOf(found);
  const makesParent = link.onMissing === 'create';
  const deferrable = strength === 'waits';
  return [
    ...link.lookups.flatMap(({ table, aliases }) => [
      { table, reason: { kind: 'link' as const, link: name, table }, strength, deferrable: deferrable || makesParent },
      ...(aliases === null
        ? []
        : [
            {
              table: aliases.table,
              reason: { kind: 'alias' as const, link: name, table: aliases.table },
              strength,
              deferrable,
            },
          ]),
    ]),
    ...(link.create?.copy ?? []).map(({ table }) => ({
      table,
      reason: { kind: 'copy' as const, link: name, table },
      strength,
      deferrable,
    })),
  ];
}

function strengthOf({ mapped, column, link }: LinkColumn): Strength {
  const { onMissing, create } = link;
  // A parent that is made from nothing but the reference is always made.
  const made = onMissing === 'create' && (create === null || create.copy.length === 0);
  if (made) return 'may';
  const policy = onMissing === 'create' ? (create?.otherwise ?? 'quarantine') : onMissing;
  // A row that is found by its parent, or must have one, cannot be written before it; a child's row does not wait.
  const isKey = [mapped.key, ...mapped.match].some((key) => key.includes(column.column.name));
  const canBeBlank = mapped.role !== 'child' && !isKey && !column.required && !column.column.required;
  if (policy === 'wait' && canBeBlank) return 'waits';
  return policy === 'null' && canBeBlank ? 'may' : 'must';
}
