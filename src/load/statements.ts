import { cellName } from '../config/cells.ts';
import type { Table } from '../config/table.ts';
import type { Stage } from '../flow/stage.ts';
import { type AdoptStatements, adoptStatements } from './adopt.ts';
import { type ChildStatements, childStatements, listStatements } from './child-sql.ts';
import { type ContestStatements, contestStatements } from './contest.ts';
import { copyListSql, copySql } from './encode-stage.ts';
import type { LinkContext } from './link-sql.ts';
import { type RowStatements, rowStatements } from './row-sql.ts';
import { listValue, type StagedCell, type StagedList, type StageLayout } from './stage-layout.ts';
import {
  nameRows,
  removeConflicting,
  removeLeft,
  removeLeftByKey,
  removeUnmatched,
  removeUnresolved,
  resolveExisting,
  resolveLinks,
  stageName,
} from './stage-sql.ts';
import { type StubStatements, stubStatements } from './stub-sql.ts';

/** Every statement of a mapping, in the order in which {@link ./load.ts} runs them. */
export interface Statements {
  readonly stage: Stage;
  readonly copy: string;
  /** First those of which no parent is made: none is made for a record that they keep out. */
  readonly links: readonly LinkStatements[];
  /** Takes out what is left alone, before parents are made; null where none are. */
  readonly leftFirst: string | null;
  readonly nameRows: string | null;
  /** By the key, then by each further match. */
  readonly find: readonly string[];
  readonly adopt: AdoptStatements | null;
  readonly left: string | null;
  readonly conflicting: readonly { readonly column: string; readonly sql: string }[];
  readonly unmatched: { readonly policy: 'skip' | 'quarantine'; readonly sql: string } | null;
  readonly contest: ContestStatements | null;
  readonly rows: readonly RowStatements[];
  readonly children: readonly MergedChild[];
  readonly lists: readonly ListStatements[];
}

export interface LinkStatements {
  readonly stubs: readonly StubStatements[];
  /** Looks up the links that several statements need. */
  readonly resolve: string | null;
  readonly unresolved: readonly {
    readonly cell: StagedCell;
    readonly policy: 'wait' | 'quarantine' | 'fail' | 'skip';
    readonly sql: string;
  }[];
}

export interface MergedChild {
  /** Place among the mapping's child tables. */
  readonly child: number;
  readonly isList: boolean;
  readonly merge: ChildStatements;
}

export interface ListStatements extends MergedChild {
  readonly name: string;
  readonly copy: string;
  readonly stubs: readonly StubStatements[];
  readonly resolve: string | null;
  /** Of each link whose parent is not here: the records, with the rows that are left out. */
  readonly unresolved: readonly {
    readonly column: string;
    readonly policy: 'leave' | 'quarantine';
    readonly sql: string;
  }[];
  /** Marks the records of which a row was left out: they are looked at again. */
  readonly again: string | null;
}

interface StatementContext extends LinkContext {
  /** SQL that draws a new row's primary key; null to leave it to the column's own sequence. */
  readonly drawKey: (table: Table) => string | null;
}

export function compileStatements(layout: StageLayout, context: StatementContext): Statements {
  const { schema } = context;
  const { root, cells } = layout;
  const name = stageName(layout);
  const now = cells.filter(({ link }) => link !== null && !link.later);
  const rowTables = [...new Set([root, ...cells.map(({ table }) => table)])];
  const unmatched = removeUnmatched(layout);
  const lists = layout.lists.map((list) => listParts(list, layout, context));
  const makes = now.some(isMade) || lists.some(({ stubs }) => stubs.length > 0);
  return {
    stage: { name, idType: layout.idType, links: cells.flatMap(({ link }) => (link === null ? [] : [link])) },
    copy: copySql(layout),
    links: [now.filter((cell) => !isMade(cell)), now.filter(isMade)].map((some) =>
      linkStatements(some, layout, context),
    ),
    leftFirst: makes && root.leave.length > 0 ? removeLeftByKey(layout, schema) : null,
    nameRows: nameRows(layout),
    find: [root.key, ...root.match].map((key) => resolveExisting(layout, schema, key)),
    adopt: adoptStatements(layout, context),
    left: removeLeft(layout, schema),
    conflicting: cells
      .filter(({ column }) => column.onConflict === 'quarantine')
      .map((cell) => ({
        column: cellName(cell.table, cell.column),
        sql: removeConflicting(layout, cell, schema),
      })),
    unmatched: unmatched === null || root.unmatched === 'insert' ? null : { policy: root.unmatched, sql: unmatched },
    contest: contestStatements(layout, schema),
    rows: rowTables.map((table) => rowStatements(table, layout, schema)),
    children: layout.children.map((child) => ({
      child: child.child,
      isList: false,
      merge: childStatements(child, layout, context),
    })),
    lists,
  };
}

function isMade({ column }: StagedCell): boolean {
  return column.link?.onMissing === 'create';
}

function linkStatements(cells: readonly StagedCell[], layout: StageLayout, context: StatementContext): LinkStatements {
  const name = stageName(layout);
  return {
    stubs: cells.flatMap((cell) => cellStubs(cell, `${name} s`, context)),
    resolve: resolveLinks(
      name,
      's',
      cells.flatMap(({ resolved }) => resolved ?? []),
    ),
    unresolved: cells.flatMap((cell) => {
      const policy = keepsOut(cell);
      return policy === null ? [] : [{ cell, policy, sql: removeUnresolved(layout, cell) }];
    }),
  };
}

/** Whether a parent that is not here keeps the record out; null where the row is written without it. */
function keepsOut({ column, link }: StagedCell): 'wait' | 'quarantine' | 'fail' | 'skip' | null {
  const { link: mapped } = column;
  if (mapped === null || link === null) return null;
  const policy = mapped.onMissing === 'create' ? (mapped.create?.otherwise ?? 'quarantine') : mapped.onMissing;
  if (policy === 'quarantine' || policy === 'fail' || policy === 'skip') return policy;
  return link.required ? 'wait' : null;
}

function cellStubs({ column, value, link }: StagedCell, from: string, context: StatementContext): StubStatements[] {
  if (column.link === null || link === null) return [];
  const stub = stubStatements({ ...context, link: column.link, from, reference: value, valueOf: link.valueOf });
  return stub === null ? [] : [stub];
}

function listParts(list: StagedList, layout: StageLayout, context: StatementContext): ListStatements {
  const name = stageName(list);
  const stage = stageName(layout);
  const links = list.values.filter(({ resolved }) => resolved !== null);
  const missing = links.map((value) => `(${value.value} IS NOT NULL AND ${listValue(value)} IS NULL)`);
  return {
    child: list.child,
    isList: true,
    merge: listStatements(list, layout, context),
    name,
    copy: copyListSql(list),
    stubs: links.flatMap(({ column, value, resolved }) => {
      if (column.link === null || resolved === null) return [];
      const { valueOf } = resolved;
      const stub = stubStatements({
        ...context,
        link: column.link,
        from: `${name} l JOIN ${stage} s ON s.source_id = l.source_id`,
        reference: value,
        valueOf,
      });
      return stub === null ? [] : [stub];
    }),
    resolve: resolveLinks(
      name,
      'l',
      links.flatMap(({ resolved }) => resolved ?? []),
    ),
    unresolved: links.map((value) => {
      const isMissing = `${value.value} IS NOT NULL AND ${listValue(value)} IS NULL`;
      const policy = value.column.link?.onMissing === 'quarantine' ? 'quarantine' : 'leave';
      return {
        column: `${list.table.table.name}.${value.column.column.name}`,
        policy,
        sql:
          policy === 'quarantine'
            ? `DELETE FROM ${stage} s WHERE EXISTS (SELECT 1 FROM ${name} l WHERE l.source_id = s.source_id AND ${isMissing}) RETURNING s.source_id, 0 AS rows`
            : `SELECT l.source_id, count(*)::int AS rows FROM ${name} l JOIN ${stage} s ON s.source_id = l.source_id WHERE ${isMissing} GROUP BY l.source_id`,
      };
    }),
    again:
      missing.length === 0
        ? null
        : `UPDATE ${stage} s SET again = true FROM ${name} l WHERE l.source_id = s.source_id AND (${missing.join(' OR ')})`,
  };
}
