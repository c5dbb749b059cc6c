import { styleText } from 'node:util';
import type { Failure } from './failure.ts';

type Style = Parameters<typeof styleText>[0];

/** Colours text for stderr; plain where the terminal has none or NO_COLOR is set. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stderr });
}

export function failureText(failure: Failure): string {
  const first = `${paint(['bold', 'red'], 'Error')} ${paint('red', failure.code)}: ${failure.message}`;
  const next = failure.actions.map((action) => `  ${paint('cyan', 'Next:')} ${action}`);
  return `${[first, ...failure.place.map((line) => paint('dim', `    ${line}`)), ...next].join('\n')}\n`;
}

/** 145266 -> `145,266`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 record`, `1,200 records`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `40 ms`, `1.4 s`, `12 s`, `2 min 03 s`, `1 h 04 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Records in a second; blank where it would say nothing. */
export function rate(records: number, milliseconds: number): string {
  if (records === 0 || milliseconds < 50) return '';
  return `${count(Math.round((records * 1000) / milliseconds))}/s`;
}

/** In MB of 1024 * 1024 bytes. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}

/** An ISO instant as `2026-11-22 03:04:05 UTC`; a dash for none. */
export function instant(iso: string | null): string {
  return iso === null ? '-' : `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** `Next:` and a line for each step; blank when there is none. */
export function nextStepsText(steps: readonly string[]): string {
  return steps.length === 0 ? '' : ['Next:', ...steps.map((step) => `  ${step}`)].join('\n');
}
