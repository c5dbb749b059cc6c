import { EXIT } from '../../errors/codes.ts';
import type { Check } from '../../doctor/check.ts';
import { BaseCommand } from '../base-command.ts';
import { paint } from '../text.ts';

interface DoctorReport {
  readonly healthy: boolean;
  readonly checks: readonly Check[];
}

export default class Doctor extends BaseCommand {
  static override summary = 'Check everything that a run needs: configuration, database, login, permissions, limits.';
  static override description =
    'Says of each thing whether it is well, and what to do where it is not. Exits 2 when the configuration cannot be ' +
    'read, 3 when anything else would make a run fail.';
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --json'];

  async run(): Promise<DoctorReport> {
    const { flags } = await this.parse(Doctor);
    const { openDoctor } = await import('../../app/open-doctor.ts');
    const checks: Check[] = [];
    for await (const check of openDoctor(() => this.openApp(flags))) {
      checks.push(check);
      this.print(checkText(check));
    }
    const failed = checks.filter(({ status }) => status === 'fail');
    const [first] = failed;
    if (first !== undefined) {
      const exit = failed.some(({ name }) => name === 'configuration') ? EXIT.wrongUse : EXIT.environment;
      const message = `${first.name}: ${first.message}`;
      const actions = failed.map(({ action }) => action ?? '').filter((action) => action !== '');
      this.failWith({ exit, code: first.code ?? 'DOCTOR_FAILED', message, actions, details: null, place: [] });
    }
    this.tell(
      first === undefined ? 'All is well. Next: sluice plan' : `${failed.length} of ${checks.length} checks failed.`,
    );
    return { healthy: first === undefined, checks };
  }
}

function checkText({ name, status, message, action }: Check): string {
  const line = `${MARKS[status]} ${name}: ${message}`;
  return action === null ? `${line}\n` : `${line}\n    ${action}\n`;
}

const MARKS: Readonly<Record<Check['status'], string>> = {
  ok: paint('green', 'ok     '),
  warn: paint('yellow', 'warning'),
  fail: paint('red', 'FAIL   '),
  skipped: paint('dim', 'skipped'),
};
