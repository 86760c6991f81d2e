import { createSupervisor, type Supervisor, type SupervisorOptions } from '@serve.zone/balena-supervisor-emulator';
import type { RecordedOutcome, RecordedRequest } from '../recording.js';
import { observe } from './observe.js';
import { VirtualClock } from './virtual-clock.js';

/** An emulated Supervisor with a clock of its own, and the hands that bring it into a situation. */
export interface Stage {
  readonly supervisor: Supervisor;
  /** Sends a request and waits for its whole outcome, for at most this much emulated time. */
  readonly send: (request: RecordedRequest, patienceMs: number) => Promise<RecordedOutcome>;
  /** Asks the Supervisor for something on the way into the situation, with the global key. */
  readonly ask: (endpoint: `${'GET' | 'POST' | 'PATCH'} /${string}`, body?: unknown) => Promise<void>;
  /** Lets emulated time pass. */
  readonly pass: (ms: number) => Promise<void>;
  /** Does something when this much emulated time has passed, while a request is under way. */
  readonly after: (ms: number, act: () => unknown) => void;
}

/** The keys as the recordings have them: the Supervisor's own, and one that reaches the app alone. */
export const keys = { global: '1'.repeat(32), app: '2'.repeat(32) } as const;

export const appId = 1_234_567;

/** A new device. It is up and settled for a while already. */
export async function setStage(options: SupervisorOptions): Promise<Stage> {
  const clock = new VirtualClock(startedAt);
  const supervisor = createSupervisor({ apiKey: keys.app, globalApiKey: keys.global, clock, ...options });
  const stage: Stage = {
    supervisor,
    send: (request, patienceMs) => observe(supervisor, clock, request, patienceMs),
    ask: async (endpoint, body = {}) => {
      const [method = '', path = ''] = endpoint.split(' ');
      const headers = { Authorization: `Bearer ${keys.global}`, 'Content-Type': 'application/json' };
      await stage.send({ method, path, headers, body: method === 'GET' ? null : JSON.stringify(body) }, askPatienceMs);
    },
    pass: (ms) => clock.pass(ms),
    after: (ms, act) => void clock.sleep(ms, new AbortController().signal).then(act),
  };
  await stage.pass(minuteMs);
  return stage;
}

const minuteMs = 60_000;
const askPatienceMs = 2 * minuteMs;
const startedAt = Date.UTC(2026, 10, 23, 1);
