import { cellName } from '../config/cells.ts';
import type { TransformCall, ValueMap } from '../config/mapping.ts';
import type { RowCode } from '../errors/row-codes.ts';
import type { CellReport } from '../flow/cell-report.ts';
import { type CellPlace, fieldOf, type TransformContext } from './compile-input.ts';
import { type Transform, TRANSFORMS } from './transforms.ts';

/** A text that the map does not have. Not a value: a map may hold any text. */
export const UNKNOWN: unique symbol = Symbol('unknown');

/** A value before the column's policies are asked. */
export type Found = string | null | typeof UNKNOWN;

/** What becomes of a raw value: transforms, then the map. */
export interface ValuePath {
  readonly steps: readonly Transform[];
  /** Undefined for what the map does not have; null where there is no map. */
  readonly find: ((value: string) => string | undefined) | null;
  readonly voice: Voice;
}

/** @returns null where a raw value is the column's as it stands */
export function compileValue(
  { transforms, map }: { readonly transforms: readonly TransformCall[]; readonly map: ValueMap | null },
  place: CellPlace,
  context: TransformContext,
): ValuePath | null {
  if (transforms.length === 0 && map === null) return null;
  const voice = voiceOf(place);
  return {
    steps: transforms.map((call) => compileTransform(call, voice, context)),
    find: map === null ? null : compileMap(map),
    voice,
  };
}

/** One function for all values, and not a closure for each: it is inlined where it is called. */
export function finishValue(raw: Found, path: ValuePath | null, report: CellReport): Found {
  if (path === null || raw === UNKNOWN) return raw;
  const { steps, find, voice } = path;
  let value = raw;
  if (steps.length > 0) {
    voice.report = report;
    for (const step of steps) value = step(value, voice.warn);
  }
  if (value === null || find === null) return value;
  return find(value) ?? UNKNOWN;
}

/** What a cell's steps tell. Bound once and pointed at the report of the moment: a closure a value would be garbage. */
interface Voice {
  report: CellReport | null;
  readonly warn: (code: RowCode) => void;
  /** @param rule  who could not go on */
  readonly fail: (rule: string) => void;
}

function voiceOf({ table, column }: CellPlace): Voice {
  const name = cellName(table, column);
  const field = fieldOf(column.input);
  const voice: Voice = {
    report: null,
    warn: (code) => voice.report?.warn(code, name),
    fail: (rule) => voice.report?.reject('TRANSFORM_FAILED', name, field, rule),
  };
  return voice;
}

function compileTransform(call: TransformCall, voice: Voice, { functions }: TransformContext): Transform {
  const builtIn = TRANSFORMS[call.name];
  if (builtIn !== undefined) return builtIn(call.args);
  if (functions === null) throw new RangeError(`transform ${call.name} passed lint and is not there`);
  const change = functions.transform(call);
  return (value) => {
    try {
      return change(value) || null;
    } catch {
      // What was thrown may hold the value: who failed is told, and nothing of what it said.
      voice.fail(call.name);
      return null;
    }
  };
}

function compileMap(map: ValueMap): (value: string) => string | undefined {
  // A Map and not the object: a value named `constructor` is data like any other.
  const values = new Map(Object.entries(map.values));
  return map.ignoreCase ? (value) => values.get(value.trim().toLowerCase()) : (value) => values.get(value);
}
