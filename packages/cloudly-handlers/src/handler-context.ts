import type { CloudlyEvent } from './cloudly-event.js';
import type { ResolvedOptions } from './handler-options.js';

type WithoutInstant<Event> = Event extends CloudlyEvent ? Omit<Event, 'atMs'> : never;

/** What an endpoint works with. */
export interface HandlerContext extends Omit<ResolvedOptions, 'onEvent' | 'onError'> {
  /**
   * Milliseconds since 1970.
   *
   * @throws TypeError when the clock gives none.
   */
  now: () => number;
  /** Tells the listener; whatever comes of that, the request goes on. */
  emit: (event: WithoutInstant<CloudlyEvent>) => void;
  /** Tells the listener; whatever comes of that, the request goes on. */
  report: (error: unknown) => void;
}

export const createContext = ({ onEvent, onError, ...options }: ResolvedOptions): HandlerContext => {
  const now = (): number => requireInstant(options.now());
  const report = (error: unknown): void => {
    try {
      onError(error);
    } catch {
      // The last resort has failed; the node still gets its answer.
    }
  };
  const notify = async (event: WithoutInstant<CloudlyEvent>): Promise<void> => {
    try {
      await onEvent({ atMs: now(), ...event });
    } catch (error) {
      report(error);
    }
  };
  return { ...options, now, report, emit: (event) => void notify(event) };
};

/** Nothing is after `NaN`: a join token would never expire. */
const requireInstant = (nowMs: number): number => {
  if (!Number.isNaN(new Date(nowMs).getTime())) return nowMs;
  throw new TypeError(`now() must give milliseconds since 1970, but gave ${nowMs}`);
};
