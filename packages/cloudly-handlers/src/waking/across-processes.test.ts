import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../sqlite.js';

/** Two stores on one file, as two processes have it. */
function setUp() {
  const directory = mkdtempSync(join(tmpdir(), 'doorbell-'));
  const open = () => openSqliteStore(join(directory, 'fleet.sqlite'));
  const [here, there] = [open(), open()];
  onTestFinished(() => {
    here.close();
    there.close();
    rmSync(directory, { recursive: true });
  });
  const heard: (string | undefined)[] = [];
  const listen = () => here.doorbell?.listen((nodeId) => void heard.push(nodeId)) ?? (() => undefined);
  return { here, there, heard, listen };
}

describe('the doorbell of an SQLite file', () => {
  test('is heard in another process within a second, once', async () => {
    const { there, heard, listen } = setUp();
    listen();
    // It may have missed a ring before.
    await expect.poll(() => heard).toEqual([undefined]);
    const rungAtMs = performance.now();
    await there.doorbell?.ring('a');
    await there.doorbell?.ring('b');
    await expect.poll(() => heard.slice(1), { interval: 10, timeout: 60_000 }).toEqual(['a', 'b']);
    expect(performance.now() - rungAtMs).toBeLessThan(5000);
  });

  test('is heard in its own process at once', async () => {
    const { here, heard, listen } = setUp();
    listen();
    await expect.poll(() => heard).toEqual([undefined]);
    await here.doorbell?.ring('a');
    expect(heard).toEqual([undefined, 'a']);
  });

  test(
    'tells each of many rings, or that any may be lost when more came than are kept',
    { timeout: 180_000 },
    async () => {
      const { there, heard, listen } = setUp();
      listen();
      await expect.poll(() => heard).toEqual([undefined]);
      // Faster than the listener looks.
      await Promise.all(Array.from({ length: 1100 }, async (_, index) => there.doorbell?.ring(`node-${index}`)));
      const isInAll = (): boolean => heard.slice(1).includes(undefined) || heard.length === 1101;
      await expect.poll(isInAll, { interval: 10, timeout: 60_000 }).toBe(true);
    },
  );

  test('is no longer listened to when the listener has gone, and hears again later', async () => {
    const { there, heard, listen } = setUp();
    const stop = listen();
    await expect.poll(() => heard).toEqual([undefined]);
    stop();
    await there.doorbell?.ring('a');
    listen();
    await expect.poll(() => heard, { timeout: 60_000 }).toEqual([undefined, undefined]);
  });
});
