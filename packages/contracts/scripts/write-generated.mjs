// Generates the data files of the package from the built package and its docstrings: `pnpm build`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as contracts from '../dist/index.js';
import { generatedFiles } from './generated-files.mjs';
import { readDocstrings } from './docstrings.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const files = generatedFiles(contracts, readDocstrings());
rmSync(`${folder}schema`, { recursive: true, force: true });
for (const [path, content] of Object.entries(files)) {
  mkdirSync(dirname(`${folder}${path}`), { recursive: true });
  writeFileSync(`${folder}${path}`, `${JSON.stringify(content, null, 2)}\n`);
}
