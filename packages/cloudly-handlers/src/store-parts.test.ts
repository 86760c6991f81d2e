import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const memoryStore = new URL('stores/memory/', import.meta.url);

/** What the modules of a folder import from outside of it, within this package. */
function importedBy(folder: URL): Set<string> {
  const names = readdirSync(folder)
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) =>
      Array.from(
        readFileSync(new URL(file, folder), 'utf8').matchAll(/import (?:type )?\{([^}]*)\} from '\.\.\/[^']*'/g),
      ),
    )
    .flatMap(([, list = '']) => namesIn(list));
  return new Set(names);
}

function exportedBy(entry: string): string[] {
  const source = readFileSync(new URL(entry, import.meta.url), 'utf8');
  return [...source.matchAll(/export (?:type )?\{([^}]*)\} from/g)].flatMap(([, list = '']) => namesIn(list));
}

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim().replace(/^type /, ''))
    .filter((name) => name !== '');
}

test('a store for operators can be made of public parts alone, as the memory store is', () => {
  const parts = new Set([...exportedBy('index.ts'), ...exportedBy('store-parts.ts')]);
  const imported = importedBy(memoryStore);
  expect(imported.size).toBeGreaterThan(100);
  expect([...imported].filter((name) => !parts.has(name) && name !== 'runtime')).toEqual([]);
});

test('no part of a store is offered that the memory store does not use', () => {
  const imported = importedBy(memoryStore);
  expect(exportedBy('store-parts.ts').filter((name) => !imported.has(name))).toEqual([]);
});
