import type { FunctionKind, FunctionSpec } from '../config/functions.ts';

export type Arguments = Readonly<Record<string, unknown>>;

/** A plugin that was loaded and found to be one. */
export interface LoadedPlugin {
  readonly name: string;
  /** As the project file names it. */
  readonly file: string;
  readonly functions: readonly LoadedFunction[];
  readonly notifiers: readonly LoadedNotifier[];
}

/** A function as its plugin has it: what it returns is not known before it is looked at. */
export interface LoadedFunction {
  readonly spec: FunctionSpec;
  readonly kind: FunctionKind;
  /** Of its plugin, relative to the project folder. */
  readonly file: string;
  readonly run: UnknownFunction;
  /** The arguments that the YAML gives, with the defaults of the schema. */
  readonly filled: (args: Arguments) => Arguments;
}

export interface LoadedNotifier {
  /** `plugin.function`. */
  readonly name: string;
  readonly what: string;
  readonly file: string;
  readonly run: UnknownFunction;
}

export type UnknownFunction = (...args: readonly unknown[]) => unknown;
