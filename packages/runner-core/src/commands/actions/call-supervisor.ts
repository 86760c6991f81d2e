import type { Asked } from './command-action.js';
import { askedOfError } from './asked-of-error.js';

/** Makes one call to the Supervisor. It rejects only for a defect. */
export async function callSupervisor(call: () => Promise<unknown>, signal: AbortSignal): Promise<Asked> {
  try {
    await call();
    return { kind: 'accepted' };
  } catch (error) {
    // An aborted call rejects with the reason of its signal.
    return signal.aborted ? { kind: 'unknown' } : askedOfError(error);
  }
}
