import { readlinkSync } from 'node:fs';
import process from 'node:process';

/**
 * Whether a process of this ID runs. What cannot be told, as where a runtime forbids to ask, counts as running: then the
 * deadline of the published status judges alone.
 */
export function processRuns(pid: number): boolean {
  try {
    // Signal 0 is sent to nobody (kill(2)).
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** The namespace in which process IDs mean what they do to this process. Unknown where there is no Linux. */
export function pidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}
