import type { Command } from '@oclif/core';
import DbCheck from './commands/db/check.ts';
import DbDiff from './commands/db/diff.ts';
import DbMigrate from './commands/db/migrate.ts';
import DbPull from './commands/db/pull.ts';
import DbStart from './commands/db/start.ts';
import DeletesConfirm from './commands/deletes/confirm.ts';
import DeletesDiscard from './commands/deletes/discard.ts';
import DeletesList from './commands/deletes/list.ts';
import Demo from './commands/demo.ts';
import Doctor from './commands/doctor.ts';
import Lint from './commands/lint.ts';
import MappingGraph from './commands/mapping/graph.ts';
import MappingList from './commands/mapping/list.ts';
import MappingNew from './commands/mapping/new.ts';
import MappingSchema from './commands/mapping/schema.ts';
import MappingShow from './commands/mapping/show.ts';
import OrgStart from './commands/org/start.ts';
import Pending from './commands/pending.ts';
import Plan from './commands/plan.ts';
import QuarantineDiscard from './commands/quarantine/discard.ts';
import QuarantineExport from './commands/quarantine/export.ts';
import QuarantineList from './commands/quarantine/list.ts';
import QuarantineRedrive from './commands/quarantine/redrive.ts';
import QuarantineShow from './commands/quarantine/show.ts';
import Retry from './commands/retry.ts';
import Reconcile from './commands/reconcile.ts';
import Run from './commands/run.ts';
import RunsList from './commands/runs/list.ts';
import RunsRevert from './commands/runs/revert.ts';
import RunsShow from './commands/runs/show.ts';
import StateReset from './commands/state/reset.ts';
import StateShow from './commands/state/show.ts';
import Status from './commands/status.ts';
import Test from './commands/test.ts';

/** Every command by its id; a topic and its command are joined by a colon, as oclif wants it. */
export const COMMANDS: Readonly<Record<string, Command.Class>> = {
  'db:check': DbCheck,
  'db:diff': DbDiff,
  'db:migrate': DbMigrate,
  'db:pull': DbPull,
  'db:start': DbStart,
  'deletes:confirm': DeletesConfirm,
  'deletes:discard': DeletesDiscard,
  'deletes:list': DeletesList,
  demo: Demo,
  doctor: Doctor,
  lint: Lint,
  'mapping:graph': MappingGraph,
  'mapping:list': MappingList,
  'mapping:new': MappingNew,
  'mapping:schema': MappingSchema,
  'mapping:show': MappingShow,
  'org:start': OrgStart,
  pending: Pending,
  plan: Plan,
  'quarantine:discard': QuarantineDiscard,
  'quarantine:export': QuarantineExport,
  'quarantine:list': QuarantineList,
  'quarantine:redrive': QuarantineRedrive,
  'quarantine:show': QuarantineShow,
  retry: Retry,
  reconcile: Reconcile,
  run: Run,
  'runs:list': RunsList,
  'runs:revert': RunsRevert,
  'runs:show': RunsShow,
  'state:reset': StateReset,
  'state:show': StateShow,
  status: Status,
  test: Test,
};

/** One line for each group of commands. */
export const TOPICS: Readonly<Record<string, { readonly description: string }>> = {
  db: { description: 'Table files and the database: write them from it, compare them, bring it into line.' },
  deletes: { description: 'Records that are gone from the org, and what becomes of their rows.' },
  mapping: { description: 'Show what is imported, and how.' },
  org: { description: 'The simulated org, for trying out and for tests.' },
  quarantine: { description: 'Records that could not be loaded, and why.' },
  runs: { description: 'What ran when, and how it ended.' },
  state: { description: 'How far each mapping has been read.' },
};
