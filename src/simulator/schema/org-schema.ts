import type { SchemaChange } from '../changes.ts';
import type { OrgData } from '../data/org-data.ts';
import type { Table } from '../data/table.ts';
import { notFound, Problem } from '../http/problem.ts';
import { fieldOf, kindOf, type FieldSchema, type FieldType, type ObjectSchema } from './object-schema.ts';

/** When the schema was last changed, unless it was while the org runs. */
const FIRST_DATE = Date.UTC(2026, 0, 5);

export interface OrgSchemaDeps {
  readonly now: () => Date;
  /** Objects and fields that are hidden from the start. */
  readonly hidden: readonly string[];
  readonly onChange: (change: SchemaChange) => void;
}

/** What the org's administrator changes: permissions, names, types, lengths and picklists of fields. */
export class OrgSchema {
  readonly #data: OrgData;
  readonly #deps: OrgSchemaDeps;
  readonly #first: ReadonlyMap<Table, ObjectSchema>;
  /** Objects and fields that permissions hide, in lower case, such as `contact.class__c`. */
  readonly #hidden = new Set<string>();
  #changedAt = FIRST_DATE;

  constructor(data: OrgData, deps: OrgSchemaDeps) {
    this.#data = data;
    this.#deps = deps;
    this.#first = new Map(data.all.map((table) => [table, table.whole]));
    this.#hideFirst();
  }

  /** In whole seconds, as describe tells it. */
  get changedAt(): Date {
    return new Date(this.#changedAt);
  }

  /** Takes away the permission to see an object, or a field such as `Contact.Class__c`: it is as if not there. */
  hide(name: string): void {
    this.#hideName(name);
    this.#done({ kind: 'hide', name });
  }

  show(name: string): void {
    this.#hidden.delete(name.toLowerCase());
    this.#done({ kind: 'show', name });
  }

  /** Gives a custom field another API name; its values stay, and its relationship is renamed with it. */
  rename(object: string, field: string, to: string): void {
    const { table, found } = this.#field(object, field);
    if (!found.name.endsWith('__c') || !/^\w+__c$/.test(to)) {
      throw new Problem(400, 'INVALID_FIELD', 'only custom fields are renamed, to names that end in __c');
    }
    if (fieldOf(table.whole, to) !== undefined) throw new Problem(400, 'DUPLICATE_VALUE', `${to} is there already`);
    const relation = found.relationshipName === undefined ? {} : { relationshipName: to.replace(/__c$/, '__r') };
    const [from, now] = [found.name, to].map((name) => `${table.whole.name}.${name}`.toLowerCase());
    if (from !== undefined && now !== undefined && this.#hidden.delete(from)) this.#hidden.add(now);
    replace(table, found, { ...found, ...relation, name: to, stored: found.stored ?? found });
    this.#done({ kind: 'rename', object, field, to });
  }

  /** Gives a field another type; its values are read as that type, and those that do not fit are null. */
  retype(object: string, field: string, type: FieldType): void {
    const { table, found } = this.#field(object, field);
    if (found.joins !== undefined || kindOf(type) === 'compound' || kindOf(found.type) === 'compound') {
      throw new Problem(400, 'INVALID_FIELD', `${field} cannot become ${type}`);
    }
    const { picklist, referenceTo, relationshipName, ...plain } = found;
    const text = kindOf(type) === 'text' ? { length: found.length === 0 ? 255 : found.length } : { length: 0 };
    const choice = isPicklist(type) ? { picklist: picklist ?? [] } : {};
    const lookup = type === 'reference' && referenceTo !== undefined ? { referenceTo } : {};
    const relation = type === 'reference' && relationshipName !== undefined ? { relationshipName } : {};
    const stored = found.stored ?? found;
    replace(table, found, { ...plain, type, ...text, ...choice, ...lookup, ...relation, stored });
    this.#done({ kind: 'retype', object, field, type });
  }

  /** Gives a text another length. Longer values stay, as in an old org. */
  shorten(object: string, field: string, length: number): void {
    const { table, found } = this.#field(object, field);
    replace(table, found, { ...found, length });
    this.#done({ kind: 'shorten', object, field, length });
  }

  addPicklistValue(object: string, field: string, value: string): void {
    const { table, found } = this.#field(object, field);
    if (!isPicklist(found.type)) throw new Problem(400, 'INVALID_FIELD', `${field} is no picklist`);
    replace(table, found, { ...found, picklist: [...(found.picklist ?? []), value] });
    this.#done({ kind: 'addPicklistValue', object, field, value });
  }

  apply(change: SchemaChange): void {
    switch (change.kind) {
      case 'hide':
        this.hide(change.name);
        return;
      case 'show':
        this.show(change.name);
        return;
      case 'rename':
        this.rename(change.object, change.field, change.to);
        return;
      case 'retype':
        this.retype(change.object, change.field, change.type);
        return;
      case 'shorten':
        this.shorten(change.object, change.field, change.length);
        return;
      case 'addPicklistValue':
        this.addPicklistValue(change.object, change.field, change.value);
    }
  }

  /** Forgets every change. What was hidden from the start is hidden again. */
  reset(): void {
    this.#hidden.clear();
    for (const [table, schema] of this.#first) table.alter(schema, () => false);
    this.#hideFirst();
    this.#moveOn();
  }

  #hideFirst(): void {
    for (const name of this.#deps.hidden) this.#hideName(name);
    this.#showVisible();
  }

  #done(change: SchemaChange): void {
    this.#showVisible();
    this.#moveOn();
    this.#deps.onChange(change);
  }

  #showVisible(): void {
    for (const table of this.#data.all) {
      const object = table.whole.name.toLowerCase();
      table.alter(table.whole, (field) => this.#hidden.has(`${object}.${field.name.toLowerCase()}`));
    }
    this.#data.hide(this.#hidden);
  }

  /** Each change is a later one, even within a second or under a clock that stands still. */
  #moveOn(): void {
    this.#changedAt = Math.max(Math.floor(this.#deps.now().getTime() / 1000) * 1000, this.#changedAt + 1000);
  }

  #hideName(name: string): void {
    const [object = '', field] = name.split('.');
    const table = this.#data.anyTable(object);
    if (table === undefined || (field !== undefined && fieldOf(table.whole, field) === undefined)) throw notFound();
    this.#hidden.add(name.toLowerCase());
  }

  #field(object: string, field: string): { table: Table; found: FieldSchema } {
    const table = this.#data.anyTable(object);
    if (table === undefined) throw notFound();
    const found = fieldOf(table.whole, field);
    if (found === undefined || SYSTEM.has(found.name)) {
      throw new Problem(400, 'INVALID_FIELD', `No field '${field}' of ${table.whole.name} that can be changed`);
    }
    return { table, found };
  }
}

const SYSTEM = new Set(['Id', 'IsDeleted', 'CreatedDate', 'LastModifiedDate', 'SystemModstamp', 'MasterRecordId']);

function isPicklist(type: FieldType): boolean {
  return type === 'picklist' || type === 'multipicklist' || type === 'combobox';
}

function replace(table: Table, old: FieldSchema, now: FieldSchema): void {
  const fields = table.whole.fields.map((field) => (field === old ? now : field));
  table.alter({ ...table.whole, fields }, () => false);
}
