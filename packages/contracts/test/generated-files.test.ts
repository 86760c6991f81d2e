import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readDocstrings } from '../scripts/docstrings.mjs';
import { generatedFiles } from '../scripts/generated-files.mjs';
import * as contracts from '../src/index.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const files = generatedFiles(contracts, readDocstrings());

test('every schema file is generated', () => {
  const shipped = globSync('schema/**/*.json', { cwd: folder });
  const generated = Object.keys(files).filter((path) => path.startsWith('schema/'));
  expect(shipped.toSorted()).toEqual(generated.toSorted());
});

test.each(Object.entries(files))('%s matches its sources; `pnpm build` regenerates it', (path, content) => {
  expect(JSON.parse(readFileSync(`${folder}${path}`, 'utf8'))).toEqual(content);
});
