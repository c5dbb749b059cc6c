import { stampField } from '../config/stamp-field.ts';
import { hash } from 'node:crypto';
import { toSalesforceId } from '../flow/salesforce-id.ts';
import type { SourceRecord } from '../flow/source-batch.ts';
import { valueAt, valuesOf } from './csv-line.ts';

/** Which columns of a line are what. */
export interface LineLayout {
  /** For each selected field the place of its column; null when columns and fields have one order. */
  readonly places: readonly number[] | null;
  /** Columns of Id, and of what tells when the record was changed; -1 when they were not selected. */
  readonly idAt: number;
  readonly stampAt: number;
  /** Hashed with each record, so that another version of the mapping gives other hashes. */
  readonly salt: string;
}

const HASH_DIGITS = 32;

/** The layout of lines whose columns are the selected fields. @param version  of the mapping */
export function layoutOf(fields: readonly string[], version: string): LineLayout {
  // SOQL does not mind case.
  const names = fields.map((name) => name.toLowerCase());
  return {
    places: null,
    idAt: names.indexOf('id'),
    stampAt: names.indexOf(stampField({ fields: names }) ?? ''),
    // Of one length and short, because it is hashed again with every record.
    salt: hash('sha256', version, 'hex').slice(0, HASH_DIGITS),
  };
}

/** The layout of the lines of a file: it names its records by columns of its own, and what it says counts. */
export function layoutOfFile(fields: readonly string[], version: string): LineLayout {
  return { ...layoutOf(fields, version), idAt: -1, stampAt: -1 };
}

/**
 * The layout of lines below a header line.
 * @param columns  names as the org writes them, in any case and order
 * @returns null when a field has no column, or there are others
 */
export function layoutUnder(columns: readonly string[], fields: readonly string[], version: string): LineLayout | null {
  const names = columns.map((name) => name.toLowerCase());
  const places = fields.map((field) => names.indexOf(field.toLowerCase()));
  if (places.includes(-1) || columns.length !== fields.length) return null;
  const isInOrder = places.every((place, at) => place === at);
  return { ...layoutOf(columns, version), places: isInOrder ? null : places };
}

type Broken = NonNullable<SourceRecord['broken']>;

/**
 * A record that keeps its line, and is taken apart only when somebody asks: of a record that is unchanged nobody does,
 * and a batch that waits for the database is a few strings a record instead of one for each value.
 */
export class LineRecord implements SourceRecord {
  readonly id: string;
  readonly hash: string;
  declare readonly broken?: Broken;
  readonly #line: string;
  readonly #layout: LineLayout;

  /**
   * @param line  as Bulk sends it, without its line break
   * @param broken  why it must not be loaded; null when it may
   * @param id  of a record that is no Salesforce object's
   */
  constructor(line: string, layout: LineLayout, broken: Broken | null, id?: string) {
    this.id = id ?? salesforceId(line, layout);
    this.hash = hash('sha256', layout.salt + line, 'hex').slice(0, HASH_DIGITS);
    this.#line = line;
    this.#layout = layout;
    // Set on few records, so that all others share one shape.
    if (broken !== null) this.broken = broken;
  }

  get values(): readonly string[] {
    const values = valuesOf(this.#line);
    return this.#layout.places === null ? values : this.#layout.places.map((place) => values[place] ?? '');
  }

  get stamp(): string {
    return this.#layout.stampAt === -1 ? '' : valueAt(this.#line, this.#layout.stampAt);
  }
}

function salesforceId(line: string, { idAt }: LineLayout): string {
  return idAt === -1 ? '' : (toSalesforceId(valueAt(line, idAt)) ?? '');
}
