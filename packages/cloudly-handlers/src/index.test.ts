import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Every module that a module of this package leads to, its own files and what they import from outside. */
function importsOf(entry: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(entry.href)) return seen;
  seen.add(entry.href);
  const source = readFileSync(entry, 'utf8');
  for (const [, specifier = ''] of source.matchAll(/(?:from|import\()\s*'([^']+)'/g)) {
    if (specifier.startsWith('.')) importsOf(new URL(specifier.replace(/\.js$/, '.ts'), entry), seen);
    else seen.add(specifier);
  }
  return seen;
}

function outside(file: string): string[] {
  return [...importsOf(new URL(file, import.meta.url))]
    .filter((specifier) => !specifier.startsWith('file:'))
    .toSorted();
}

/** The contracts, and a function that is bundled. */
const ours = ['@serve.zone/baseos-command-line/nearest-name', '@serve.zone/baseos-contracts'];

describe('what an import of this package loads', () => {
  test.each([
    ['index.ts', ['croner']],
    ['store-suite.ts', []],
  ])('from %s: the contracts, a function that is bundled and %j, so that it runs on any runtime', (entry, others) => {
    expect(outside(entry)).toEqual([...ours, ...others]);
  });

  test('from /store-parts: these alone', () => {
    expect(outside('store-parts.ts')).toEqual(ours);
  });

  test('from /sqlite: only modules of Node', () => {
    expect(outside('sqlite.ts')).toEqual([...ours, 'node:fs', 'node:path', 'node:sqlite', 'node:worker_threads']);
  });

  test("from /node: the modules of Node's HTTP server", () => {
    expect(outside('node.ts')).toEqual(['@serve.zone/baseos-contracts', 'node:buffer', 'node:http', 'node:stream']);
  });

  test("from /webhooks: Node's clients of HTTP, and its files", () => {
    expect(outside('webhooks.ts')).toEqual([
      '@serve.zone/baseos-command-line/nearest-name',
      '@serve.zone/baseos-contracts',
      'node:dns',
      'node:fs',
      'node:http',
      'node:https',
      'node:net',
      'node:tls',
    ]);
  });

  test("from /postgres: the driver, and Node's modules for files and TLS", () => {
    expect(outside('postgres.ts')).toEqual([
      ...ours,
      'node:crypto',
      'node:events',
      'node:fs',
      'node:process',
      'node:stream',
      'node:tls',
      'pg',
    ]);
  });
});
