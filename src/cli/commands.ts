import type { Command } from '@oclif/core/command';

/** Every command by its id; a topic and its command are joined by a colon, as oclif wants it. */
const LOADERS: Readonly<Record<string, () => Promise<{ readonly default: Command.Class }>>> = {
  'db:check': async () => import('./commands/db/check.ts'),
  'db:diff': async () => import('./commands/db/diff.ts'),
  'db:migrate': async () => import('./commands/db/migrate.ts'),
  'db:pull': async () => import('./commands/db/pull.ts'),
  'db:start': async () => import('./commands/db/start.ts'),
  'deletes:confirm': async () => import('./commands/deletes/confirm.ts'),
  'deletes:discard': async () => import('./commands/deletes/discard.ts'),
  'deletes:list': async () => import('./commands/deletes/list.ts'),
  demo: async () => import('./commands/demo.ts'),
  doctor: async () => import('./commands/doctor.ts'),
  lint: async () => import('./commands/lint.ts'),
  'mapping:graph': async () => import('./commands/mapping/graph.ts'),
  'mapping:list': async () => import('./commands/mapping/list.ts'),
  'mapping:new': async () => import('./commands/mapping/new.ts'),
  'mapping:schema': async () => import('./commands/mapping/schema.ts'),
  'mapping:show': async () => import('./commands/mapping/show.ts'),
  'org:start': async () => import('./commands/org/start.ts'),
  pending: async () => import('./commands/pending.ts'),
  plan: async () => import('./commands/plan.ts'),
  'quarantine:discard': async () => import('./commands/quarantine/discard.ts'),
  'quarantine:export': async () => import('./commands/quarantine/export.ts'),
  'quarantine:list': async () => import('./commands/quarantine/list.ts'),
  'quarantine:redrive': async () => import('./commands/quarantine/redrive.ts'),
  'quarantine:show': async () => import('./commands/quarantine/show.ts'),
  retry: async () => import('./commands/retry.ts'),
  reconcile: async () => import('./commands/reconcile.ts'),
  run: async () => import('./commands/run.ts'),
  'runs:list': async () => import('./commands/runs/list.ts'),
  'runs:revert': async () => import('./commands/runs/revert.ts'),
  'runs:show': async () => import('./commands/runs/show.ts'),
  'state:reset': async () => import('./commands/state/reset.ts'),
  'state:show': async () => import('./commands/state/show.ts'),
  status: async () => import('./commands/status.ts'),
  test: async () => import('./commands/test.ts'),
};

export const COMMAND_IDS: readonly string[] = Object.keys(LOADERS);

/** Those that are loaded: where oclif looks for them, see main. To load all takes longer than most of them work. */
export const COMMANDS: Record<string, Command.Class> = {};

/** @param ids  all of them unless told */
export async function loadCommands(ids: readonly string[] = COMMAND_IDS): Promise<void> {
  for (const id of ids) {
    const loaded = await LOADERS[id]?.();
    if (loaded !== undefined) COMMANDS[id] = loaded.default;
  }
}

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
