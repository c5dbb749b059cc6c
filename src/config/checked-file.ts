import type { YamlFile } from './yaml-file.ts';

/** A file that has the form of its schema. */
export interface CheckedFile<T> {
  readonly yaml: YamlFile;
  readonly value: T;
}
