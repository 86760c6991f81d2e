// A service in a process of its own, which takes and releases its update lock as it is told.
import { acquireLock, isUpdateLockError, type UpdateLock } from '../src/update-lock/index.js';
import type { LockCommand, LockReport } from './lock-process.js';

let lock: UpdateLock | undefined;

async function obey(command: LockCommand): Promise<LockReport> {
  if (command.do === 'release') {
    await lock?.release();
    return 'released';
  }
  try {
    lock = await acquireLock(command.options);
    return 'acquired';
  } catch (error) {
    if (isUpdateLockError(error)) return `${error.code} ${error.holder ?? ''}`.trim();
    throw error;
  }
}

process.on('message', (command: LockCommand) => {
  void obey(command).then((report) => process.send?.(report));
});
process.send?.('ready');
