import { isFractional, kindOf, type FieldSchema, type ObjectSchema } from './object-schema.ts';

export interface ChildRelation {
  readonly childSObject: string;
  readonly field: string;
  readonly relationshipName: string;
  readonly cascadeDelete: boolean;
}

/** One line of GET /sobjects, which is also the head of a describe. */
export function describeGlobal(schema: ObjectSchema, apiPath: string): Record<string, unknown> {
  const path = `${apiPath}/sobjects/${schema.name}`;
  return {
    name: schema.name,
    label: schema.label,
    labelPlural: `${schema.label}s`,
    keyPrefix: schema.keyPrefix,
    custom: schema.name.endsWith('__c'),
    customSetting: false,
    createable: true,
    updateable: true,
    deletable: true,
    undeletable: true,
    mergeable: schema.fields.some((field) => field.name === 'MasterRecordId'),
    queryable: true,
    retrieveable: true,
    replicateable: true,
    searchable: true,
    deprecatedAndHidden: false,
    urls: { sobject: path, describe: `${path}/describe`, rowTemplate: `${path}/{ID}` },
  };
}

/** GET /sobjects/X/describe */
export function describeObject(
  schema: ObjectSchema,
  apiPath: string,
  children: readonly ChildRelation[],
): Record<string, unknown> {
  return {
    ...describeGlobal(schema, apiPath),
    fields: schema.fields.map(describeField),
    childRelationships: children.map((child) => ({ ...child, deprecatedAndHidden: false })),
    recordTypeInfos: [],
  };
}

const SOAP_TYPES: Readonly<Record<ReturnType<typeof kindOf>, string>> = {
  id: 'tns:ID',
  text: 'xsd:string',
  number: 'xsd:double',
  boolean: 'xsd:boolean',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  compound: 'urn:address',
};

function describeField(field: FieldSchema): Record<string, unknown> {
  const kind = kindOf(field.type);
  const longText = field.type === 'textarea' && field.length > 255;
  const plain = kind !== 'compound' && !longText;
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    soapType: field.type === 'int' ? 'xsd:int' : SOAP_TYPES[kind],
    length: field.length,
    byteLength: field.length * 3,
    precision: kind === 'number' && field.type !== 'int' ? 18 : 0,
    scale: field.scale ?? 0,
    digits: field.type === 'int' ? 9 : 0,
    nillable: field.nillable,
    createable: field.writable,
    updateable: field.writable,
    custom: field.name.endsWith('__c'),
    calculated: field.calculated === true,
    compoundFieldName: field.compound ?? null,
    referenceTo: field.referenceTo ?? [],
    relationshipName: field.relationshipName ?? null,
    polymorphicForeignKey: (field.referenceTo?.length ?? 0) > 1,
    filterable: plain,
    sortable: plain,
    groupable: plain && kind !== 'datetime' && !isFractional(field.type),
    picklistValues: (field.picklist ?? []).map((value) => ({ value, label: value, active: true, defaultValue: false })),
    restrictedPicklist: false,
    externalId: false,
    unique: field.type === 'id',
    idLookup: field.type === 'id',
    autoNumber: field.autoNumber === true,
    caseSensitive: kind === 'id',
    deprecatedAndHidden: false,
    encrypted: false,
    htmlFormatted: field.html === true,
    defaultedOnCreate: kind === 'boolean',
  };
}
