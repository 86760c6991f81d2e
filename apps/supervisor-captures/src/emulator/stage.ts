import { createSupervisor, type Supervisor, type SupervisorOptions } from '@serve.zone/balena-supervisor-emulator';
import type { RecordedOutcome, RecordedRequest } from '../recordings/recording.js';
import { observe } from './observe.js';
import { keys } from './recorded-device.js';
import { VirtualClock } from './virtual-clock.js';

/** An emulated Supervisor with its own clock, and the actions that bring it into a situation. */
export interface Stage {
  supervisor: Supervisor;
  /** Sends a request and waits for its whole outcome, for at most this much emulated time. */
  send: (request: RecordedRequest, patienceMs: number) => Promise<RecordedOutcome>;
  /** Asks the Supervisor for something on the way into the situation, with the global key, and waits until it is done. */
  ask: (endpoint: Endpoint, body?: unknown) => Promise<void>;
  /** Starts an action of the Supervisor that continues while the recorded request is sent. */
  begin: (endpoint: Endpoint, body?: unknown) => Promise<void>;
  /** From now on a recorded request that names the first is sent with the second, which the emulated device has instead. */
  substitute: (recorded: string, own: string) => void;
  /** Lets emulated time pass. */
  pass: (ms: number) => Promise<void>;
  /** Does something when this much emulated time has passed, while a request is under way. */
  after: (ms: number, act: () => unknown) => void;
}

type Endpoint = `${'GET' | 'POST' | 'PATCH'} /${string}`;

/** A new device, which has already been running and idle for a while. */
export async function setStage(options: SupervisorOptions): Promise<Stage> {
  const clock = new VirtualClock(startedAt);
  const supervisor = createSupervisor({ clock, ...options });
  const substitutes = new Map<string, string>();
  const stage: Stage = {
    supervisor,
    send: (request, patienceMs) => observe(supervisor, clock, withSubstitutes(request, substitutes), patienceMs),
    substitute: (recorded, own) => void substitutes.set(recorded, own),
    ask: async (endpoint, body) => {
      await stage.send(requestFor(endpoint, body), askPatienceMs);
    },
    begin: async (endpoint, body) => {
      stage.after(0, () => stage.ask(endpoint, body));
      await stage.pass(0);
    },
    pass: (ms) => clock.pass(ms),
    after: (ms, act) => void clock.sleep(ms, new AbortController().signal).then(act),
  };
  await stage.pass(minuteMs);
  return stage;
}

function requestFor(endpoint: Endpoint, body: unknown = {}): RecordedRequest {
  const [method = '', path = ''] = endpoint.split(' ');
  const headers = { Authorization: `ApiKey ${keys.global}`, 'Content-Type': 'application/json' };
  return { method, path, headers, body: method === 'GET' ? undefined : JSON.stringify(body) };
}

function withSubstitutes(
  { method, path, headers, body }: RecordedRequest,
  substitutes: ReadonlyMap<string, string>,
): RecordedRequest {
  const replace = (text: string): string => [...substitutes].reduce((result, pair) => result.replaceAll(...pair), text);
  const replaced = Object.entries(headers).map(([name, value]) => [name, replace(value)] as const);
  return {
    method,
    path: replace(path),
    headers: Object.fromEntries(replaced),
    body: body === undefined ? undefined : replace(body),
  };
}

const minuteMs = 60_000;
const askPatienceMs = 2 * minuteMs;
const startedAt = Date.UTC(2026, 10, 23, 1);
