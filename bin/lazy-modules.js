import { createRequire, Module } from 'node:module';

/**
 * What other packages load as they start, and what a command seldom comes to use: jsforce brings an HTTP client of its
 * own (ours stands in its place), Sequelize the checks and clocks of its models, oclif what its plugins need.
 * @type {readonly { from: string, request: string, isEsModule?: boolean, objects?: string[], later?: string[] }[]}
 *   from: who loads it. objects: exports that are not used, either, where they are picked up. later: functions that are
 *   called at once, only to set something, and may as well be called when the rest is there
 */
const SELDOM_USED = [
  { from: 'jsforce/lib/http-api.js', request: 'xml2js' },
  { from: 'jsforce/lib/connection.js', request: 'form-data' },
  { from: 'jsforce/lib/record-stream.js', request: './csv', isEsModule: true },
  { from: 'sequelize/lib/data-types', request: './utils/validator-extras', objects: ['validator'] },
  { from: 'sequelize/lib/data-types', request: 'moment-timezone' },
  { from: 'sequelize/lib/data-types', request: 'moment' },
  { from: 'sequelize/lib/data-types', request: 'wkx' },
  { from: 'sequelize/lib/data-types', request: 'semver' },
  { from: '@oclif/core/run', request: 'ejs' },
  { from: '@oclif/core/run', request: 'tinyglobby', isEsModule: true },
  { from: '@oclif/core/run', request: 'minimatch', isEsModule: true },
  { from: '@oclif/core/run', request: 'wrap-ansi' },
  { from: '@oclif/core/run', request: 'cli-spinners' },
];

/** Loads these when something of them is asked for, and not before. Who asks sees no difference. */
export function loadWhenUsed() {
  const here = createRequire(import.meta.url);
  for (const { from, request, ...kind } of SELDOM_USED) {
    try {
      const require = createRequire(here.resolve(from));
      standIn(require, require.resolve(request), kind);
    } catch {
      // A version of the package that has no such file: it loads what it needs, as ever.
    }
  }
}

/**
 * @param {NodeJS.Require} require
 * @param {string} file
 * @param {{ isEsModule?: boolean, objects?: string[], later?: string[] }} kind
 */
function standIn(require, file, { isEsModule, objects = [], later = [] }) {
  if (require.cache[file] !== undefined) return;
  const module = Object.assign(new Module(file), { filename: file, loaded: true });
  /** @type {[name: string, args: unknown[]][]} */
  const calls = [];
  const real = () => {
    if (require.cache[file] === module) {
      delete require.cache[file];
      const exported = require(file);
      for (const [name, args] of calls) exported[name](...args);
    }
    return require(file);
  };
  const early = new Map([
    ['__esModule', isEsModule],
    ...objects.map((name) => [name, lazily(() => real()[name])]),
    ...later.map((name) => [name, (...args) => void calls.push([name, args])]),
  ]);
  const isWaiting = () => require.cache[file] === module;
  module.exports = lazily(real, (name) => (isWaiting() && early.has(name) ? { value: early.get(name) } : null));
  require.cache[file] = module;
}

/**
 * Stands for an object or a function that is made when it is first used.
 * @param {() => any} real
 * @param {(name: string | symbol) => { value: unknown } | null} early  what is known of it before
 */
function lazily(real, early = () => null) {
  return new Proxy(STANDING_IN, {
    get: (_self, name) => (early(name) ?? { value: Reflect.get(real(), name) }).value,
    set: (_self, name, value) => Reflect.set(real(), name, value),
    has: (_self, name) => Reflect.has(real(), name),
    apply: (_self, owner, args) => Reflect.apply(real(), owner, args),
    construct: (_self, args) => Reflect.construct(real(), args),
    ownKeys: () => Reflect.ownKeys(real()),
    getPrototypeOf: () => Reflect.getPrototypeOf(real()),
    getOwnPropertyDescriptor: (_self, name) => ownProperty(real(), name),
  });
}

/** @param {object} object @param {string | symbol} name */
function ownProperty(object, name) {
  const found = Reflect.getOwnPropertyDescriptor(object, name);
  // The stand-in has no such property, and would have to have one that cannot be removed.
  return found === undefined ? undefined : { ...found, configurable: true };
}

/** Can be called and constructed, and being bound has no property that whatever stands in its place must have, too. */
// oxlint-disable-next-line eslint/no-extra-bind -- see above
const STANDING_IN = function () {}.bind(null);
