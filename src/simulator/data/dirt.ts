import type { Value } from '../schema/object-schema.ts';
import type { Column } from './generated.ts';

/** What single rows of every `every` hold instead of what their columns say, by the remainder of their index. */
export type Dirt = Readonly<Record<number, Readonly<Record<string, Value>>>>;

export function withDirt(columns: Readonly<Record<string, Column>>, every: number, dirt: Dirt): Record<string, Column> {
  const names = new Set([...Object.keys(columns), ...Object.values(dirt).flatMap((values) => Object.keys(values))]);
  return Object.fromEntries(
    [...names].map((name) => {
      const column = columns[name] ?? (() => null);
      const values = Array.from({ length: every }, (_, at) => dirt[at]?.[name]);
      if (values.every((value) => value === undefined)) return [name, column];
      const dirtied: Column = (index) => {
        const value = values[index % every];
        return value === undefined ? column(index) : value;
      };
      return [name, dirtied];
    }),
  );
}
