import { watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

/** When each file was last changed, and which it is. */
async function marksOf(directory: string): Promise<unknown[]> {
  const paths = [directory, ...(await readdir(directory)).toSorted().map((name) => join(directory, name))];
  return Promise.all(
    paths.map(async (path) => {
      const { ino, size, mtimeMs, ctimeMs } = await stat(path);
      return { path, ino, size, mtimeMs, ctimeMs };
    }),
  );
}

test('an enrolled device writes nothing to its state directory, heartbeat after heartbeat', async () => {
  rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
  // The first one proves its token, which is the last thing to be stored.
  await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
  const before = await marksOf(rig.stateDirectory);
  const changes: string[] = [];
  const watcher = watch(rig.stateDirectory, (event, name) => changes.push(`${event} ${name}`));
  await rig.event('heartbeat-received', ({ sequence }) => sequence === 8);
  watcher.close();
  expect(changes).toEqual([]);
  expect(await marksOf(rig.stateDirectory)).toEqual(before);
});
