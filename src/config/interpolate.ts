import type { YamlFile, YamlPath } from './yaml-file.ts';
import type { ProblemSink } from './rules.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}|[^}]*\}?)/gu;

/**
 * Puts the environment into `${NAME}` and `${NAME:-default}`, in values only. As in a shell, an empty variable counts
 * as not set where a default is given.
 * @returns a new value; texts that came from the environment are listed by path
 */
export function interpolate(
  yaml: YamlFile,
  environment: Environment,
  sink: ProblemSink,
): { readonly value: unknown; readonly filled: ReadonlySet<string> } {
  const filled = new Set<string>();
  const text = (value: string, path: YamlPath): string => {
    if (!value.includes('${')) return value;
    filled.add(pointer(path));
    return value.replaceAll(REFERENCE, (whole: string, ...groups: unknown[]) => {
      const [name, hasDefault, fallback] = groups as (string | undefined)[];
      const position = yaml.inText(path, value.indexOf(whole));
      if (name === undefined) {
        sink.report('env-syntax', position, 'This is not ${NAME} or ${NAME:-default}.');
        return '';
      }
      const found = Object.hasOwn(environment, name) ? environment[name] : undefined;
      if (found !== undefined && (found !== '' || hasDefault === undefined)) return found;
      if (hasDefault !== undefined) return fallback ?? '';
      sink.report(
        'env-missing',
        position,
        `The environment variable ${name} is not set.`,
        `Set ${name}, or write \${${name}:-default}.`,
      );
      return '';
    });
  };
  const walk = (value: unknown, path: YamlPath): unknown => {
    if (typeof value === 'string') return text(value, path);
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
  };
  return { value: walk(yaml.value, []), filled };
}

/** A path as JSON pointer, as Ajv names places. */
export function pointer(path: YamlPath): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
