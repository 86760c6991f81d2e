import { gunzipSync } from 'node:zlib';
import { parseTar } from 'nanotar';
import { expect, test } from 'vitest';
import { makeArchive } from './write-archive.js';

test('an archive has its end, and its last file, wherever the files end in a record', () => {
  // A record has 20 blocks of 512 bytes.
  for (let blocks = 0; blocks < 20; blocks += 1) {
    const files = { first: 'x'.repeat(512 * blocks), last: '' };
    const archive = new Uint8Array(gunzipSync(makeArchive('folder', files, 0)));
    expect(archive.subarray(-1024).every((byte) => byte === 0)).toBe(true);
    expect(parseTar(archive).map(({ name }) => name)).toEqual(['folder/first', 'folder/last']);
  }
});
