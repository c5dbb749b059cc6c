import type { CaseResult, Difference, TestReport } from '../cases/case-result.ts';
import { counted, paint } from './text.ts';

/** Results by file: a line for each case, and under those that failed what was expected and what came. */
export function testReportText({ results }: TestReport): string {
  const files = [...new Set(results.map(({ file }) => file))];
  return files
    .map((file) => {
      const own = results.filter((result) => result.file === file);
      const head = `${file} (${own[0]?.mapping ?? ''})`;
      return `${[head, ...own.map(caseText)].join('\n')}\n`;
    })
    .join('\n');
}

function caseText({ file, line, name, passed, differences }: CaseResult): string {
  if (passed) return `  ${paint('green', '✓')} ${name}`;
  const head = `  ${paint('red', '✗')} ${name}  ${paint('dim', `${file}:${String(line)}`)}`;
  return [head, ...differences.flatMap((difference) => differenceText(difference, file))].join('\n');
}

function differenceText({ what, expected, actual, line }: Difference, file: string): readonly string[] {
  return [
    `      ${what}  ${paint('dim', `${file}:${String(line)}`)}`,
    `        expected  ${paint('green', expected ?? 'nothing')}`,
    `        actual    ${paint('red', actual ?? 'nothing')}`,
  ];
}

/** `12 cases in 2 files: 11 passed, 1 failed.`, and which mappings nobody has thought of. */
export function testSummary({ files, cases, failed, untested }: TestReport): string {
  const passed = `${counted(cases, 'case')} in ${counted(files, 'file')}: ${String(cases - failed)} passed, ${String(failed)} failed.`;
  if (untested.length === 0) return passed;
  return `${passed}\nWithout a case: ${untested.join(', ')}.`;
}
