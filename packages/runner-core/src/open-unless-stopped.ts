import type { BaseRunnerOptions } from './base-runner-options.js';
import type { IdentityNotice, IdentityStore } from './identity/identity-store.js';
import type { Logger } from './ports/logger.js';
import { inSentences } from './values/problem.js';
import { aborted } from './ports/aborted.js';

export interface OpenUnlessStoppedOptions {
  openIdentity: BaseRunnerOptions['openIdentity'];
  logger: Logger;
  /** Called before anything is logged. Nothing is logged if the configuration contradicts the stored identity. */
  announce: () => void;
  /** Asks it to end its wait for another agent. */
  stopping: AbortSignal;
  /** From then on its result is no longer awaited. */
  abandon: AbortSignal;
}

/**
 * The identity, after its notices are logged. Nothing if a stop ended the wait for another agent or for a disk that
 * hangs; a store that opens later is closed again.
 */
export async function openUnlessStopped({
  openIdentity,
  logger,
  announce,
  stopping,
  abandon,
}: OpenUnlessStoppedOptions): Promise<IdentityStore | undefined> {
  const tell = ({ level, code, ...notice }: IdentityNotice): void => {
    announce();
    logger[level](inSentences(notice), { code });
  };
  const onWait = (message: string): void => tell({ level: 'warn', code: 'agent-waiting', message });
  const opening = openIdentity({ signal: stopping, onWait, onNotice: tell });
  try {
    const store = await Promise.race([opening, aborted(abandon)]);
    announce();
    if (store) store.notices.forEach(tell);
    else void opening.then(async (late) => late.close()).catch(() => undefined);
    return store ?? undefined;
  } catch (error) {
    if (stopping.aborted) return undefined;
    throw error;
  }
}
