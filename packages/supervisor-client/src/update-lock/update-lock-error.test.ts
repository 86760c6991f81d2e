import { expect, test } from 'vitest';
import { toUpdateLockError } from './update-lock-error.js';

/** As Deno throws it for what it was not started with a permission for. */
function notCapable(): Error {
  const error = new Error(
    'Requires net access to "unix:/tmp/balena/updates.lock.0", run again with the --allow-net flag',
  );
  error.name = 'NotCapable';
  return error;
}

test('a permission that the runtime denies is distinguished from one that the file system denies', () => {
  expect(toUpdateLockError('/tmp/balena/updates.lock', notCapable())).toMatchObject({
    code: 'not-permitted',
    message: expect.stringContaining('run again with the --allow-net flag'),
  });
});
