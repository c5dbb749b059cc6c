import type { ObjectSchema, Value } from '../schema/object-schema.ts';
import type { Column } from './generated.ts';

/** Rows of one kind, with an index of their own from 0. */
export interface Block {
  readonly count: number;
  readonly columns: Readonly<Record<string, Column>>;
}

/** Puts blocks of rows one behind the other. Where a block has no column for a field, its rows hold nothing there. */
export function stack(schema: ObjectSchema, blocks: readonly Block[]): Record<string, Column> {
  const names = new Set(blocks.flatMap(({ columns }) => Object.keys(columns)));
  return Object.fromEntries(
    [...names].map((name) => {
      const type = schema.fields.find((field) => field.name === name)?.type;
      const nothing: Value = type === 'boolean' ? false : null;
      let end = 0;
      const parts = blocks.map(({ count, columns }) => {
        const start = end;
        end += count;
        return { start, end, column: columns[name] ?? (() => nothing) };
      });
      const column: Column = (index) => {
        for (const part of parts) if (index < part.end) return part.column(index - part.start);
        return nothing;
      };
      return [name, column];
    }),
  );
}
