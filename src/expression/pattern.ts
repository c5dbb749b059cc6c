import { RE2JS, RE2JSException } from 're2js';
import { ExpressionFailure } from './problem.ts';

/** In UTF-16 units; and how large it may be once `{n}` is written out, which bounds the time for each character. */
const MAX_PATTERN = 500;
const MAX_PROGRAM = 2000;

/**
 * A test whether a pattern is found in a text, in time that grows with the text and no faster: RE2 never goes back.
 * @throws ExpressionFailure when the pattern cannot be read
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  if (pattern.length > MAX_PATTERN) throw new ExpressionFailure(`a pattern has at most ${MAX_PATTERN} characters`);
  const compiled = read(pattern);
  if (compiled.programSize() > MAX_PROGRAM) throw new ExpressionFailure('the pattern repeats too much');
  return (text) => compiled.test(text);
}

function read(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new ExpressionFailure(error.message.replace('error parsing regexp', 'the pattern cannot be read'), {
      cause: error,
    });
  }
}
