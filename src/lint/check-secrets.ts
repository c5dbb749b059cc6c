import type { Position } from '../config/mapping.ts';
import type { Problem } from '../config/problem.ts';
import type { YamlFile } from '../config/yaml-file.ts';
import { finding } from './rules.ts';

/** What is told by its own looks, wherever it stands, comments included. No part of it is ever repeated in a message. */
const SHAPES: readonly (readonly [what: string, shape: RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/u],
  ['a Salesforce session', /\b00D[A-Za-z0-9]{9,15}![A-Za-z0-9._]{20,}/u],
  ['a Salesforce refresh token', /\b5Aep[A-Za-z0-9._]{20,}/u],
  ['a Salesforce consumer key', /\b3MVG[A-Za-z0-9._]{20,}/u],
  ['an access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/u],
  ['an access token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|xox[abprs]-[A-Za-z0-9-]{10,}|glpat-[\w-]{20,})/u],
  ['a JSON web token', /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}/u],
  // Only a part that comes from the environment as a whole is no secret.
  ['a password in an address', /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{0,100}:(?!\$\{[A-Za-z_]\w*\}@)[^\s@/]{1,200}@/iu],
];
/** Long, and with capitals, small letters and digits, as nobody writes words. */
const RANDOM =
  /(?<![\w+/=.-])(?=[A-Za-z0-9+/=-]*[A-Z])(?=[A-Za-z0-9+/=-]*[a-z])(?=[A-Za-z0-9+/=-]*[0-9])[A-Za-z0-9+/=-]{32,}(?![\w.])/u;
/** What no file without such a key has anywhere. */
const SECRET_WORD = /passw|pwd|secret|token|api_?key|private_?key|credential/iu;
const SECRET_KEY = /(?:^|_|-)(?:password|passwd|pwd|secret|token|api_?key|private_?key|credentials?)$/iu;
const ONLY_ENVIRONMENT = /^(?:\$\{[A-Za-z_][A-Za-z0-9_]*(?::-)?\})+$/u;

/** Secrets that are written out in a file. */
export function secretProblems(yaml: YamlFile): readonly Problem[] {
  const found = [...byLooks(yaml), ...byName(yaml)];
  const seen = new Set<number>();
  return found.flatMap(({ what, position }) => {
    if (seen.has(position.line)) return [];
    seen.add(position.line);
    return [
      finding(
        'literal-secret',
        position,
        `This looks like ${what}.`,
        'Write ${NAME} and set NAME in the environment; then change the secret, because it has been written down.',
      ),
    ];
  });
}

interface Suspect {
  readonly what: string;
  readonly position: Position;
}

function byLooks({ file, text }: YamlFile): readonly Suspect[] {
  // Most files have none of them, and lines need not be looked at one by one.
  const shapes = [...SHAPES, ['a token', RANDOM] as const].filter(([, shape]) => shape.test(text));
  if (shapes.length === 0) return [];
  return text.split('\n').flatMap((line, index) =>
    shapes.flatMap(([what, shape]) => {
      const at = line.search(shape);
      return at < 0 ? [] : [{ what, position: { file, line: index + 1, column: at + 1 } }];
    }),
  );
}

/**
 * Texts under keys such as `password`. Not in columns: there the key is a column and the text names a field or a type.
 */
function byName(yaml: YamlFile): readonly Suspect[] {
  if (!SECRET_WORD.test(yaml.text)) return [];
  return yaml.texts().flatMap(({ path, text, position }) => {
    const key = String(path.at(-1) ?? '');
    if (!SECRET_KEY.test(key) || path.includes('columns') || path.includes('each') || path.includes('values'))
      return [];
    const harmless = text === '' || ONLY_ENVIRONMENT.test(text);
    return harmless ? [] : [{ what: `a secret ("${key}")`, position }];
  });
}
