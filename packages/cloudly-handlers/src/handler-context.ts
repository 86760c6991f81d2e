import type { CloudlyEvent } from './cloudly-event.js';
import type { ResolvedOptions } from './handler-options.js';

type WithoutInstant<Event> = Event extends CloudlyEvent ? Omit<Event, 'atMs'> : never;

/** What an endpoint works with. */
export interface HandlerContext extends Omit<ResolvedOptions, 'onEvent' | 'onError'> {
  /** Tells the listener; whatever comes of that, the request goes on. */
  emit: (event: WithoutInstant<CloudlyEvent>) => void;
  /** Tells the listener; whatever comes of that, the request goes on. */
  report: (error: unknown) => void;
}

export const createContext = ({ onEvent, onError, ...options }: ResolvedOptions): HandlerContext => {
  const report = (error: unknown): void => {
    try {
      onError(error);
    } catch {
      // The last resort has failed; the node still gets its answer.
    }
  };
  const notify = async (event: CloudlyEvent): Promise<void> => {
    try {
      await onEvent(event);
    } catch (error) {
      report(error);
    }
  };
  return { ...options, report, emit: (event) => void notify({ atMs: options.now(), ...event }) };
};
