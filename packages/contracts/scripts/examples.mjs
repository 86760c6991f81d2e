import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../examples/', import.meta.url);

/**
 * The examples of a message by what is particular to each: `minimal` for `examples/vitals.minimal.json`, `typical` for
 * `examples/vitals.json`.
 */
export function examplesOf(message) {
  return Object.fromEntries(
    readdirSync(folder)
      .map((file) => ({ file, parts: file.split('.') }))
      .filter(({ parts }) => parts[0] === message)
      .map(({ file, parts }) => [
        parts.length === 2 ? 'typical' : parts[1],
        JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
      ]),
  );
}
