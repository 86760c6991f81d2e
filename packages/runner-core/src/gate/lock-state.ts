import { isUpdateLockError, type UpdateLockHolder } from '@serve.zone/balena-supervisor-client/update-lock';

/** Where the update lock of our service is. */
export type LockState =
  /** This process holds it. */
  | { kind: 'held' }
  /** Nobody wants to hold it. */
  | { kind: 'released' }
  /** It is to be taken as soon as its holder has released it. */
  | { kind: 'awaited'; holder: UpdateLockHolder }
  /** It can be neither taken nor released, and `message` says why and what to do. */
  | { kind: 'impossible'; message: string };

/** What an attempt to take or release the lock has come to. Pure. */
export function stateAfterFailure(error: unknown): LockState {
  if (isUpdateLockError(error) && error.code === 'held' && error.holder !== undefined) {
    return { kind: 'awaited', holder: error.holder };
  }
  return { kind: 'impossible', message: error instanceof Error ? error.message : String(error) };
}

const lookEveryMs = 5000;
const soon = { everyMs: 500, forMs: 60_000 };

/**
 * How long the keeper rests before it looks at the lock again; `undefined` if there is nothing to look at. What is not as it
 * should be is tried more often at first: the Supervisor often holds its own locks for seconds only, and opens the folder
 * to other users with its first attempt. Pure.
 *
 * @param wanted whether the lock is to be held
 * @param sinceMs how long it has been in this state
 */
export function restMs(state: LockState, wanted: boolean, sinceMs: number): number | undefined {
  if (!wanted && state.kind === 'released') return undefined;
  if (wanted && state.kind === 'held') return lookEveryMs;
  return sinceMs < soon.forMs ? soon.everyMs : lookEveryMs;
}
