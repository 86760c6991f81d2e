import { dirname } from 'node:path';
import type { FoundStatus } from '../status/published-status.js';

/** The problem with a status that another user may have put there, and what to do, in sentences. */
export function foreignStatus(
  { path, uid }: Extract<FoundStatus, { kind: 'foreign' }>,
  stateDirectory: string,
): { message: string; remedy: string } {
  return {
    message: `It is not known whether the agent is running: ${path} belongs to user ${uid}, who is neither this user nor the owner of ${stateDirectory}. The file is ignored.`,
    remedy: `If the agent runs as user ${uid}, run this command as that user. Otherwise remove ${dirname(path)}, or set BASEOS_RUN_PATH to a directory that belongs to the agent.`,
  };
}
