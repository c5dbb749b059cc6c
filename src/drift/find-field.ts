import type { SourceField, SourceObject } from '../flow/source-object.ts';
import type { UsedField } from './used-fields.ts';

/** Objects by their names in lower case: SOQL does not mind case. */
export type Objects = ReadonlyMap<string, SourceObject>;

/**
 * Where a path leads.
 * - `field`: it is there.
 * - `missing`: `name` is no field, or no relationship, of `object`.
 * - `undescribed`: the path goes on in an object that is not among these.
 * - `open`: it goes through a reference to several objects, and nobody can say.
 */
export type FoundField =
  | { readonly kind: 'field'; readonly object: SourceObject; readonly field: SourceField }
  | { readonly kind: 'missing'; readonly object: SourceObject; readonly name: string }
  | { readonly kind: 'undescribed'; readonly object: string }
  | { readonly kind: 'open' };

/** Follows a path such as `Account.Owner.Name` from object to object. */
export function findField({ object, path }: UsedField, objects: Objects): FoundField {
  const names = path.split('.');
  let at = objects.get(object.toLowerCase());
  let next = object;
  for (const [index, name] of names.entries()) {
    if (at === undefined) return { kind: 'undescribed', object: next };
    const isLast = index === names.length - 1;
    const wanted = name.toLowerCase();
    const field = at.fields.find((one) => (isLast ? one.name : one.relationshipName)?.toLowerCase() === wanted);
    if (field === undefined) return { kind: 'missing', object: at, name };
    if (isLast) return { kind: 'field', object: at, field };
    const [parent, other] = field.referenceTo;
    if (parent === undefined || other !== undefined) return { kind: 'open' };
    next = parent;
    at = objects.get(parent.toLowerCase());
  }
  return { kind: 'open' };
}

/** Objects that must be described before it is known where these paths lead; none when all is known. */
export function undescribed(fields: readonly UsedField[], objects: Objects): readonly string[] {
  const wanted = fields.flatMap((field) => {
    const found = findField(field, objects);
    return found.kind === 'undescribed' ? [found.object] : [];
  });
  return [...new Map(wanted.map((object) => [object.toLowerCase(), object])).values()];
}

/** Parents to which these paths led when the objects were described last. */
export function parentsIn(fields: readonly UsedField[], known: Objects): readonly string[] {
  const roots = new Set(fields.map(({ object }) => object.toLowerCase()));
  const reached = new Map([...known].filter(([name]) => roots.has(name)));
  for (;;) {
    const next = undescribed(fields, reached).flatMap((object) => known.get(object.toLowerCase()) ?? []);
    const fresh = next.filter(({ name }) => !reached.has(name.toLowerCase()));
    if (fresh.length === 0) break;
    for (const object of fresh) reached.set(object.name.toLowerCase(), object);
  }
  return [...reached].filter(([name]) => !roots.has(name)).map(([, { name }]) => name);
}

export function byName<Described extends SourceObject>(objects: Iterable<Described>): ReadonlyMap<string, Described> {
  return new Map([...objects].map((object) => [object.name.toLowerCase(), object]));
}
