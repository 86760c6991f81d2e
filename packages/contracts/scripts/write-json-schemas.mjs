// Writes schema/*.json from the built package: `pnpm build`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as contracts from '../dist/index.js';
import { jsonSchemas } from './json-schemas.mjs';

const folder = new URL('../schema/', import.meta.url);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const [name, schema] of Object.entries(jsonSchemas(contracts))) {
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(schema, null, 2)}\n`);
}
