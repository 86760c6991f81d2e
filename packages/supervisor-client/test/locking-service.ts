// A service in a process of its own, which takes and releases its update lock on command.
import { acquireLock, isUpdateLockError, type UpdateLock } from '../src/update-lock/index.js';
import type { LockCommand, LockReport } from './lock-process.js';

let lock: UpdateLock | undefined;

async function obey(command: LockCommand): Promise<LockReport> {
  try {
    if (command.do === 'release') {
      await lock?.release();
      return 'released';
    }
    lock = await acquireLock(command.options);
    return 'acquired';
  } catch (error) {
    if (isUpdateLockError(error)) return `${error.code} ${error.holder ?? ''}`.trim();
    throw error;
  }
}

// By root. It happens here, when all is loaded: another user may not be able to read the sources, nor to start this Node.
const uid = process.env['RUN_AS_UID'];
if (uid !== undefined) {
  process.setgroups?.([]);
  process.setgid?.(Number(uid));
  process.setuid?.(Number(uid));
}

process.on('message', (command: LockCommand) => {
  void obey(command).then((report) => process.send?.(report));
});
process.send?.('ready');
