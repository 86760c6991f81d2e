import { createSupervisor } from '../../src/create-supervisor.js';
import type { ListeningSupervisor, Supervisor } from '../../src/supervisor.js';
import type { SupervisorOptions } from '../../src/options/supervisor-options.js';

/** What came of a request; `nothing`: it is held without an answer. */
export type Outcome = Answered | 'nothing' | 'reset';

export interface Answered {
  status: number;
  type: string | null;
  body: string;
}

/** What a request is made of beside its line, such as `POST /v1/restart`. */
export interface Sent {
  /** Sent as JSON; a text as it is. */
  body?: unknown;
  /** The header. @default the Supervisor's own key as an ApiKey */
  authorization?: string;
  /** Sent without that header. */
  isAnonymous?: boolean;
}

export const ownKey = 'a'.repeat(32);
export const appKey = 'b'.repeat(32);
export const appId = 1_234_567;

/** A Supervisor of one version on a socket, for tests. Its clock moves only on request. */
export class EraDevice implements AsyncDisposable {
  readonly supervisor: Supervisor;
  readonly #listening: ListeningSupervisor;
  readonly #time: { now: number };

  private constructor(supervisor: Supervisor, listening: ListeningSupervisor, time: { now: number }) {
    this.supervisor = supervisor;
    this.#listening = listening;
    this.#time = time;
  }

  static async open(supervisorVersion: string, options: SupervisorOptions = {}): Promise<EraDevice> {
    const time = { now: Date.UTC(2026, 10, 23) };
    const supervisor = createSupervisor({
      apps: [{ appId, services: ['main'] }],
      hostname: 'before',
      apiKey: appKey,
      globalApiKey: ownKey,
      clock: { now: () => time.now },
      ...options,
      supervisorVersion,
    });
    return new EraDevice(supervisor, await supervisor.listen(), time);
  }

  pass(ms: number): void {
    this.#time.now += ms;
  }

  async ask(line: string, sent: Sent = {}): Promise<Outcome> {
    const ending = new AbortController();
    const before = this.supervisor.requests.length;
    const answer = this.#send(line, sent, ending.signal);
    const nothing = this.#answersOthers(before, ending.signal).then((): Outcome => 'nothing');
    const outcome = await Promise.race([answer, nothing]);
    ending.abort();
    await answer;
    return outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening.close();
  }

  async #send(line: string, sent: Sent, signal: AbortSignal): Promise<Outcome> {
    const { body, authorization = `ApiKey ${ownKey}`, isAnonymous = false } = sent;
    const [method = 'GET', path = '/'] = line.split(' ');
    const headers = { 'content-type': 'application/json', ...(!isAnonymous && { authorization }) };
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
    const init = { method, headers, signal, ...(method === 'GET' ? {} : { body: text }) };
    try {
      const response = await fetch(`${this.#listening.address}${path}`, init);
      return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
    } catch {
      return signal.aborted ? 'nothing' : 'reset';
    }
  }

  // A request that came in, and is not answered after others that came later, will not be.
  async #answersOthers(before: number, over: AbortSignal): Promise<void> {
    while (!over.aborted && this.supervisor.requests.length === before)
      await new Promise((resolve) => setImmediate(resolve));
    for (let round = 0; round < 3; round += 1) {
      const response = await fetch(`${this.#listening.address}/no-such-path`).catch(() => undefined);
      await response?.text();
    }
  }
}
