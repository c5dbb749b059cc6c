import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { listenForInterrupt } from '../../src/app/interrupt.ts';

/** A process that gets the signals that the test sends. */
function listened() {
  const heard: string[] = [];
  const source = new EventEmitter();
  let now = 0;
  const { signal, stop } = listenForInterrupt({
    process: source as unknown as NodeJS.Process,
    clock: () => now,
    onFirst: (name) => heard.push(`first ${name}`),
    onSecond: () => heard.push('second'),
  });
  const send = (name: string, at: number): void => {
    now = at;
    source.emit(name, name);
  };
  return { heard, source, signal, stop, send };
}

describe('Ctrl-C', () => {
  it('asks the work to end at the first signal', () => {
    const { heard, signal, send } = listened();

    send('SIGTERM', 10);

    expect(heard).toEqual(['first SIGTERM']);
    expect(signal.aborted).toBe(true);
  });

  it('takes signals that come at once for one: terminal, npx and launcher each pass it on', () => {
    const { heard, send } = listened();

    send('SIGINT', 10);
    send('SIGINT', 12);
    send('SIGINT', 400);

    expect(heard).toEqual(['first SIGINT']);
  });

  it('ends at once when the person asks again', () => {
    const { heard, send } = listened();

    send('SIGINT', 10);
    send('SIGINT', 700);

    expect(heard).toEqual(['first SIGINT', 'second']);
  });

  it('leaves no listener behind', () => {
    const { source, stop } = listened();

    stop();

    expect(source.eventNames()).toEqual([]);
  });
});
