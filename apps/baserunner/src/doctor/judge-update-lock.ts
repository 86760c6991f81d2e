import type { UpdateLockFacts } from '../facts/probe-update-lock.js';
import { type Judgement, pass, skip, warn } from './finding.js';

export function judgeUpdateLock(facts: UpdateLockFacts | undefined): Judgement {
  if (!facts) return skip('Skipped: balenaOS mounts no folder for update locks in this container.');
  const { path, heldSince } = facts;
  if (heldSince === undefined) return pass('This service holds no update lock.', { path });
  return warn(
    `This service has held an update lock since ${heldSince} (${path}): the Supervisor does not update the app.`,
    'If the lock is no longer needed, remove the file, or override it with baserunner request-update --force.',
    { path, heldSince },
  );
}
