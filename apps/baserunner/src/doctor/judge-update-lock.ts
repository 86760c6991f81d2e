import type { UpdateLockFacts } from '../facts/probe-update-lock.js';
import { type Judgement, pass, skip, warn } from './finding.js';

export function judgeUpdateLock(facts: UpdateLockFacts | undefined): Judgement {
  if (!facts) return skip('balenaOS gives this container no place for update locks.');
  const { path, heldSince } = facts;
  if (heldSince === undefined) return pass('This service holds no update lock.', { path });
  return warn(
    `This service holds an update lock since ${heldSince} (${path}): the Supervisor does not update the app.`,
    'If nothing needs it any more, remove the file, or override it with baserunner request-update --force.',
    { path, heldSince },
  );
}
