// Writes the files of the page and their manifest into dist: `pnpm build`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildPage } from '../src/build/build-page.js';

const folder = join(import.meta.dirname, '../dist/page');
const { page, contents } = await buildPage();
for (const [path, content] of contents) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(page.manifest, null, 2)}\n`);
