/** PostgreSQL cuts names off after this many bytes; ours are plain ASCII. */
const LONGEST = 63;

/** `npe5__StartDate__c` is `StartDate`: without the namespace of its package and the mark of a custom name. */
function plainName(apiName: string): string {
  // The parts of a custom geolocation: Place__Latitude__s, with a namespace before it or not.
  if (/__s$/iu.test(apiName)) return apiName.split('__').slice(0, -1).slice(-2).join('_');
  const plain = apiName.replace(/__[a-z]{1,4}$/iu, '');
  return plain === apiName ? apiName : plain.replace(/^[A-Za-z0-9]+__/u, '');
}

/** `School_Code_External_ID__c` is `school_code_external_id`. */
export function snakeName(apiName: string): string {
  const snake = plainName(apiName)
    .replaceAll(/([A-Z]+)([A-Z][a-z])/gu, '$1_$2')
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '_')
    .replaceAll(/^_+|_+$/gu, '');
  return snake.slice(0, LONGEST);
}

/** What the record behind a lookup is called: `AccountId` is `account`, `School__c` is `school`. */
export function relationName(apiName: string): string {
  return snakeName(apiName).replace(/(?<=.)_id$/u, '');
}

/** The name of an object's import: `CampaignMember` is `campaign-members`, `Class__c` is `classes`. */
export function importName(object: string): string {
  const words = snakeName(object).split('_');
  return [...words.slice(0, -1), plural(words.at(-1) ?? '')].join('-');
}

function plural(word: string): string {
  if (/(?:[^aeiou]|qu)y$/u.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/u.test(word) ? `${word}es` : `${word}s`;
}

/** Gives out names that nobody has yet. */
export class NameBook {
  readonly #taken: Set<string>;

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken);
  }

  /**
   * The name for a field: its plain one, else with the namespace that tells it from its namesake, else with a number.
   * @param ending  put behind the name, like `_id`
   */
  take(name: string, apiName: string, ending = ''): string {
    const [namespace = '', ...more] = apiName.split('__');
    const told = more.length > 1 ? `${namespace.toLowerCase()}_${name}` : `${name}_custom`;
    for (let number = 2; ; number += 1) {
      const ways = [fitting(name, ending), fitting(told, ending), fitting(name, `_${number}${ending}`)];
      const free = ways.find((one) => !this.#taken.has(one));
      if (free === undefined) continue;
      this.#taken.add(free);
      return free;
    }
  }
}

function fitting(name: string, ending: string): string {
  const begin = /^[a-z_]/u.test(name) ? name : `_${name}`;
  return begin.slice(0, LONGEST - ending.length) + ending;
}
