import { readlinkSync } from 'node:fs';
import process from 'node:process';

/**
 * Whether a process of this ID runs. If that is not known, for example because a runtime denies access, it counts as
 * running: then only the deadline of the published status decides.
 */
export function processRuns(pid: number): boolean {
  try {
    // Signal 0 is not delivered to any process (kill(2)).
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** The namespace in which the process IDs of this process are valid. Unknown where there is no Linux. */
export function pidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}
