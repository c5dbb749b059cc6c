import type { YamlFile, YamlPath } from './yaml-file.ts';
import type { ProblemSink } from './rules.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}|[^}]*\}?)/gu;

/**
 * Puts the environment into `${NAME}` and `${NAME:-default}`, in values only. As in a shell, an empty variable counts
 * as not set where a default is given.
 * @returns a new value; texts that came from the environment are listed by path, texts that could not be filled are
 *   left out, so that one missing variable is told once
 */
export function interpolate(
  yaml: YamlFile,
  environment: Environment,
  sink: ProblemSink,
): { readonly value: unknown; readonly filled: ReadonlySet<string> } {
  const filled = new Set<string>();
  const text = (value: string, path: YamlPath): string | undefined => {
    if (!value.includes('${')) return value;
    filled.add(pointer(path));
    let whole = true;
    const result = value.replaceAll(
      REFERENCE,
      (match: string, name?: string, hasDefault?: string, fallback?: string) => {
        const position = yaml.inText(path, value.indexOf(match));
        if (name === undefined) {
          whole = false;
          sink.report('env-syntax', position, 'This is not ${NAME} or ${NAME:-default}.');
          return '';
        }
        const found = Object.hasOwn(environment, name) ? environment[name] : undefined;
        if (found !== undefined && (found !== '' || hasDefault === undefined)) return found;
        if (hasDefault !== undefined) return fallback ?? '';
        whole = false;
        sink.report(
          'env-missing',
          position,
          `The environment variable ${name} is not set.`,
          `Set ${name}, or write \${${name}:-default}.`,
        );
        return '';
      },
    );
    return whole ? result : undefined;
  };
  const walk = (value: unknown, path: YamlPath): unknown => {
    if (typeof value === 'string') return text(value, path);
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index])).filter(present);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])] as const);
    return Object.fromEntries(entries.filter(([, item]) => present(item)));
  };
  return { value: walk(yaml.value, []), filled };
}

function present(value: unknown): boolean {
  return value !== undefined;
}

/** A path as JSON pointer, as Ajv names places. */
function pointer(path: YamlPath): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
