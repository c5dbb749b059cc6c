import { isError } from './fault.ts';

interface ImportFault {
  readonly message: string;
  readonly suggestion: string | null;
}

/**
 * Why a file could not be imported. No record has been read yet, so what was thrown may be repeated.
 * @param file  as the project names it
 */
export function importFault(error: unknown, file: string): ImportFault {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  const said = isError(error) ? firstLine(error.message) : 'something that is no error';
  const place = placeOf(error, file);
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return {
      message: `cannot be loaded without a build step: ${said}${place}`,
      suggestion:
        'Node.js only strips types. Write an object with `as const` for an enum, functions for a namespace, and fields for parameter properties; `"erasableSyntaxOnly": true` in tsconfig.json finds them.',
    };
  }
  if (code === 'ERR_INVALID_TYPESCRIPT_SYNTAX' || (isError(error) && error.name === 'SyntaxError')) {
    return { message: `does not parse: ${said}${place}`, suggestion: file.endsWith('.js') ? MODULE : null };
  }
  if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING') {
    return {
      message: 'is TypeScript under node_modules, where Node.js strips no types',
      suggestion: 'Copy it into the project, or build it to JavaScript.',
    };
  }
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return {
      message: `imports something that is not there: ${said}`,
      suggestion: 'Install the package in the project, or name the file with its extension (./other.ts).',
    };
  }
  return { message: `threw while it was loaded: ${said}${place}`, suggestion: null };
}

const MODULE = 'If it is an ES module, name it .mjs or .ts, or write "type": "module" in package.json.';

/** Node puts the place before the message of a syntax error, and under it for the others. */
function placeOf(error: unknown, file: string): string {
  if (!isError(error)) return '';
  const base = file.replace(/^.*[/\\]/u, '').replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  const [, place] = new RegExp(`${base}:(\\d+(?::\\d+)?)`, 'u').exec(error.stack ?? '') ?? [];
  return place === undefined ? '' : ` (${file}:${place})`;
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').trim().replace(/\.$/u, '');
}
