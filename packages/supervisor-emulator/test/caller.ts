import { ManualClock } from '../src/device/manual-clock.js';
import { createSupervisor } from '../src/create-supervisor.js';
import type { Supervisor } from '../src/supervisor.js';
import type { SupervisorOptions } from '../src/options/supervisor-options.js';

/** An answer as tests compare it. */
export interface Answered {
  status: number;
  type: string | null;
  body: string;
}

/** A Supervisor on a clock of its own, and short ways to call it. For tests of this package. */
export interface Caller {
  supervisor: Supervisor;
  clock: ManualClock;
  /** Sends `line`, such as `POST /v1/restart`, with the key and the body as JSON. */
  call: (line: string, body?: unknown, key?: string) => Promise<Answered>;
  /** As `call`, while that much time passes. */
  callFor: (ms: number, line: string, body?: unknown, key?: string) => Promise<Answered>;
  /** The JSON body of a GET. */
  read: (path: string, key?: string) => Promise<Record<string, unknown>>;
}

export const globalKey = 'a'.repeat(32);
export const appKey = 'b'.repeat(32);

export const html = 'text/html; charset=utf-8';
export const json = 'application/json; charset=utf-8';
export const text = 'text/plain; charset=utf-8';

export function startCaller(options: SupervisorOptions = {}): Caller {
  const clock = new ManualClock(Date.UTC(2026, 10, 23));
  const supervisor = createSupervisor({ clock, relay: false, apiKey: appKey, globalApiKey: globalKey, ...options });
  const call: Caller['call'] = async (line, body, key = globalKey) => {
    const [method = 'GET', path = '/'] = line.split(' ');
    const headers = { ...(key && { authorization: `ApiKey ${key}` }), 'content-type': 'application/json' };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await supervisor.fetch(new Request(`http://supervisor${path}`, init));
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  };
  return {
    supervisor,
    clock,
    call,
    async callFor(ms, line, body, key) {
      const answer = call(line, body, key);
      // Awaited again below. Meanwhile it may reject without a handler.
      answer.catch(() => undefined);
      await clock.advance(ms);
      return answer;
    },
    async read(path, key) {
      return JSON.parse((await call(`GET ${path}`, undefined, key)).body) as Record<string, unknown>;
    },
  };
}
