import { DemoFailure } from '../ending/demo-failure.js';
import type { DemoOptions } from './parse-command-line.js';

/** The goal of the demo: a device enrols, and its heartbeats are acknowledged. */
export interface Goal {
  /** Cloudly has admitted the device. */
  registered(): void;
  heartbeatAcknowledged(): void;
  /** Resolves when there were enough heartbeats; rejects with a DemoFailure when one does not come. */
  reached: Promise<void>;
  /** Someone stops the demo. @throws DemoFailure if heartbeats are missing. */
  stop(): void;
  /** Frees what the goal holds. */
  drop(): void;
}

/** Without a number of heartbeats the goal is neither reached nor missed. */
export function createGoal({ heartbeats = Infinity, patienceMs }: Omit<DemoOptions, 'devices'>): Goal {
  let isRegistered = false;
  let acknowledged = 0;
  let timer: NodeJS.Timeout | undefined;
  let expectNext = (): void => undefined;
  let resolveReached = (): void => undefined;
  const reached = new Promise<void>((resolve, reject) => {
    resolveReached = resolve;
    expectNext = () => {
      clearTimeout(timer);
      if (!Number.isFinite(heartbeats)) return;
      timer = setTimeout(() => reject(new DemoFailure(describeMiss())), patienceMs);
    };
  });
  // On a slow machine the time may be over before the demo is ready to await it.
  reached.catch(() => undefined);
  const describeMiss = (): string => {
    const missing = isRegistered ? 'no further heartbeat was acknowledged' : 'the device did not enrol';
    return `${missing} within ${patienceMs / 1000} s; ${acknowledged} of ${heartbeats} heartbeats were acknowledged.`;
  };
  expectNext();
  return {
    registered: () => {
      isRegistered = true;
    },
    heartbeatAcknowledged: () => {
      acknowledged += 1;
      if (acknowledged >= heartbeats) resolveReached();
      else expectNext();
    },
    reached,
    stop: () => {
      if (!Number.isFinite(heartbeats)) return;
      throw new DemoFailure(`it was stopped; ${acknowledged} of ${heartbeats} heartbeats were acknowledged.`);
    },
    drop: () => clearTimeout(timer),
  };
}
