import type { Files } from './project-folder.ts';

/**
 * Houses, the people in them, their jobs (which go with them) and their errands (which hold them): what refers to a row
 * in each of the ways that a database knows.
 */
export const STREET: Files = {
  'sync.config.yaml': `version: 1
project: street
phases: [all]
defaults: { incremental: { cursor: SystemModstamp, lookback: 1h } }
`,
  'mappings/houses.yaml': `version: 1
mapping: houses
source: { soql: "SELECT Id, Name, SystemModstamp FROM Account WHERE BillingState = 'street'" }
phases: { all: }
tables:
  house:
    key: salesforce_id
    columns: { salesforce_id: Id, name: Name }
deletes: { detect: [recycle_bin, reconcile], action: hard }
`,
  'mappings/people.yaml': `version: 1
mapping: people
source:
  soql: "SELECT Id, LastName, AccountId, Email, SystemModstamp FROM Contact WHERE MailingCity = 'street' AND Department = 'people'"
phases: { all: }
tables:
  person:
    key: salesforce_id
    columns:
      salesforce_id: Id
      name: LastName
      house_id: { from: AccountId, link: house, on_missing: wait }
  mailbox:
    parent: person
    key: [person_id, kind]
    each: [{ address: Email, kind: home }]
    skip_when_blank: address
    columns: { address: { transform: [lower] } }
deletes: { detect: [recycle_bin, reconcile], action: hard }
`,
  'mappings/jobs.yaml': `version: 1
mapping: jobs
source:
  soql: "SELECT Id, npe5__Contact__c, npe5__Status__c, SystemModstamp FROM npe5__Affiliation__c WHERE npe5__Role__c = 'street'"
phases: { all: }
tables:
  job:
    key: salesforce_id
    columns:
      salesforce_id: Id
      person_id: { from: npe5__Contact__c, link: person, on_missing: wait }
      status: npe5__Status__c
deletes: { detect: [recycle_bin, reconcile], action: hard }
`,
  'mappings/errands.yaml': `version: 1
mapping: errands
source: { soql: "SELECT Id, WhoId, Type, SystemModstamp FROM Task WHERE Priority = 'street'" }
phases: { all: }
tables:
  errand:
    key: salesforce_id
    columns:
      salesforce_id: Id
      kind: Type
      person_id: { from: WhoId, link: person, on_missing: wait }
deletes: { detect: [recycle_bin, reconcile], action: hard }
`,
  'mappings/tables/house.yaml': `table: house
columns:
  salesforce_id: { type: string(18), unique: true }
  name: { type: string(80) }
`,
  'mappings/tables/person.yaml': `table: person
columns:
  salesforce_id: { type: string(18), unique: true }
  name: { type: string(80), pii: true }
  house_id: { type: integer, references: house.id, on_delete: set_null, index: true }
  active: { type: boolean, default: true, owner: local }
  notes: { type: text, owner: local, pii: true }
`,
  'mappings/tables/mailbox.yaml': `table: mailbox
columns:
  person_id: { type: integer, required: true, references: person.id, index: true }
  address: { type: string(80), required: true, pii: true }
  kind: { type: string(10), required: true }
`,
  'mappings/tables/job.yaml': `table: job
columns:
  salesforce_id: { type: string(18), unique: true }
  person_id: { type: integer, required: true, references: person.id, on_delete: cascade, index: true }
  status: { type: string(40) }
  review: { type: text, owner: local }
`,
  'mappings/tables/errand.yaml': `table: errand
columns:
  salesforce_id: { type: string(18), unique: true }
  kind: { type: string(40) }
  person_id: { type: integer, references: person.id, index: true }
`,
};
