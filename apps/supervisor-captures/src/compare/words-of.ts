import { isMap } from './json-map.js';

/**
 * The words of a JSON value that name a state, each with its place: `containers[].status: Running`.
 * A word in one place is the same word whatever the IDs and names around it are.
 */
export function wordsOf(value: unknown, key = '', place = ''): ReadonlySet<string> {
  if (Array.isArray(value)) return union(value.map((element) => wordsOf(element, key, `${place}[]`)));
  if (typeof value === 'object' && value !== null) {
    const isNamed = !isMap(key, value);
    const at = (name: string): string => (place === '' ? name : `${place}.${name}`);
    return union(
      Object.entries(value).map(([name, member]) => wordsOf(member, name, isNamed ? at(name) : `${place}.*`)),
    );
  }
  return typeof value === 'string' && wordKeys.has(key) ? new Set([`${place}: ${value}`]) : new Set();
}

const wordKeys: ReadonlySet<string> = new Set(['status', 'appState', 'updateStatus']);

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
