import type { Position } from './mapping.ts';

/**
 * What a function of a plugin is for.
 * - `transform`: text to text, one value at a time.
 * - `check`: judges a column's value; `record_check`: judges a record for a rule.
 * - `resolver`: gives the values of a column for a whole batch, and may ask the org.
 * - `hook`: runs in a transaction of the step.
 */
export type FunctionKind = 'transform' | 'check' | 'record_check' | 'resolver' | 'hook';

/** A function that the YAML may name. */
export interface FunctionSpec {
  /** `plugin.function`. */
  readonly name: string;
  readonly kind: FunctionKind;
  /** In one sentence. */
  readonly what: string;
  readonly argumentNames: readonly string[];
  /** Another one when the plugin's text has changed: it belongs into the version of each mapping that calls it. */
  readonly fingerprint: string;
  /** What is wrong with these arguments: one sentence each. */
  readonly argumentProblems: (args: Readonly<Record<string, unknown>>) => readonly ArgumentProblem[];
}

export interface ArgumentProblem {
  /** Null when an argument is not there. */
  readonly argument: string | null;
  readonly message: string;
  readonly suggestion: string | null;
}

/** Every function of the project's plugins. */
export interface FunctionCatalogue {
  /** @param name  `plugin.function` */
  find(name: string): FunctionSpec | null;
  readonly all: readonly FunctionSpec[];
}

/** A plugin that the project file names. */
export interface PluginFile {
  /** As written: relative to the project folder. */
  readonly file: string;
  readonly position: Position;
}

/** Why a plugin cannot be used, at the place where the project file names it. */
export interface PluginProblem {
  readonly position: Position;
  readonly message: string;
  readonly suggestion: string | null;
}

export interface LoadedFunctions {
  readonly catalogue: FunctionCatalogue;
  /** True when each plugin could be loaded: only then is a name that is not found an unknown one. */
  readonly complete: boolean;
  readonly problems: readonly PluginProblem[];
}

/**
 * Loads the plugins of a project; handed in by who reads one, because to load them is to run their code. Never throws.
 * @param folder  absolute folder of the project file
 */
export type LoadFunctions = (folder: string, plugins: readonly PluginFile[]) => Promise<LoadedFunctions>;

/** What a project without plugins has. */
export const NO_FUNCTIONS: FunctionCatalogue = { find: () => null, all: [] };
