import { dirname } from 'node:path';
import type { FoundStatus } from '../status/published-status.js';

/** Of a status that another user may have put there: what it is, and what to do, in sentences. */
export function foreignStatus(
  { path, uid }: Extract<FoundStatus, { kind: 'foreign' }>,
  stateDirectory: string,
): { message: string; remedy: string } {
  return {
    message: `Whether the agent runs is not known: ${path} belongs to user ${uid}, who is neither this user nor the owner of ${stateDirectory}, so that nothing of it is believed.`,
    remedy: `If the agent runs as user ${uid}, run this as that user. Otherwise remove ${dirname(path)}, or set BASEOS_RUN_PATH to a directory that belongs to the agent.`,
  };
}
