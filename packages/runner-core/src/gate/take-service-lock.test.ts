import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { expect, test } from 'vitest';
import { takeServiceLock } from './take-service-lock.js';

test('the lock that an earlier agent of the process has left is gone once the next one releases it', async () => {
  const path = join(temporaryFolder(), 'updates.lock');
  await takeServiceLock(path);
  const next = await takeServiceLock(path);
  expect([existsSync(path), await next.isHeld()]).toEqual([true, true]);
  await next.release();
  expect(existsSync(path)).toBe(false);
});

test('a lock can be taken again after it was released', async () => {
  const path = join(temporaryFolder(), 'updates.lock');
  await (await takeServiceLock(path)).release();
  const again = await takeServiceLock(path);
  expect(await again.isHeld()).toBe(true);
  await again.release();
  expect(existsSync(path)).toBe(false);
});
