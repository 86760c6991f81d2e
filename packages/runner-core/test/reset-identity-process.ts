// Resets the identity of argv[2], as the user of argv[3] if there is one, and tells what it came to, as JSON.
import { dirname, join } from 'node:path';
import { isDirectoryHeld } from '../src/lock/is-directory-held.js';
import { resetIdentity } from '../src/store/reset-identity.js';

const [, , statePath = '', userId] = process.argv;
if (userId !== undefined) {
  process.setgid?.(Number(userId));
  process.setuid?.(Number(userId));
}

const isHeld = await isDirectoryHeld(dirname(statePath));
const outcome = await resetIdentity({
  BASEOS_STATE_PATH: statePath,
  BASEOS_RUN_PATH: join(dirname(statePath), 'run'),
});
process.stdout.write(`${JSON.stringify({ isHeld, ...outcome })}\n`);
