import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { buildPage, importedBy, outputOf } from './build-page.js';

const KB = 1024;

test('the first load of the list of nodes takes at most 40 KB of scripts and 8 KB of styles, gzipped', async () => {
  const { contents, metafile, page } = await buildPage();
  const size = (paths: Iterable<string>): number =>
    Array.from(paths, (path) => gzipSync(contents.get(path) ?? '', { level: 9 }).length).reduce(
      (one, other) => one + other,
      0,
    );
  const { script, preloads, style } = page.manifest;
  const view = importedBy(metafile, outputOf(metafile, 'src/nodes/nodes-view.tsx'));
  expect(size(new Set([script, ...preloads, ...view]))).toBeLessThanOrEqual(40 * KB);
  expect(size([style])).toBeLessThanOrEqual(8 * KB);
});
