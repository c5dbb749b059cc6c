import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { SCHEMAS, schemaText } from '../../../config/schema/schemas.ts';
import { SyncError } from '../../../errors/sync-error.ts';
import { BaseCommand } from '../../base-command.ts';
import { counted } from '../../text.ts';

const NAMES = Object.keys(SCHEMAS);

export default class MappingSchema extends BaseCommand {
  static override summary = "Print the JSON Schema of the project's files, for editors and other programs.";
  static override description =
    'Every YAML file names its schema in its first line, so that an editor completes keys and explains them. A ' +
    'project elsewhere gets the files with --write schemas.';
  static override examples = [
    '<%= config.bin %> mapping schema table',
    '<%= config.bin %> mapping schema --write schemas',
  ];
  static override args = {
    schema: Args.string({ options: NAMES, description: 'Which one. Default: mapping; with --write, all of them.' }),
  };
  static override flags = {
    write: Flags.string({ summary: 'Write NAME.schema.json into this folder instead of printing.' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(MappingSchema);
    const asked = NAMES.filter((name) => name === args.schema);
    if (flags.write === undefined) {
      const text = schemaText(asked[0] ?? 'mapping');
      this.print(`${text}\n`);
      return JSON.parse(text);
    }
    const written = await writeSchemas(asked.length === 0 ? NAMES : asked, flags.write);
    this.tell(`${counted(written.length, 'schema')} written to ${flags.write}.`);
    return { files: written };
  }
}

async function writeSchemas(names: readonly string[], folder: string): Promise<readonly string[]> {
  const files = names.map((name) => ({ file: path.join(folder, `${name}.schema.json`), text: schemaText(name) }));
  try {
    await mkdir(folder, { recursive: true });
    for (const { file, text } of files) await writeFile(file, `${text}\n`);
  } catch (cause) {
    throw new SyncError('USAGE_INVALID', `The schemas cannot be written to ${folder}.`, { cause });
  }
  return files.map(({ file }) => file);
}
