import { accessBy } from './access.js';
import type { Access } from './access.js';
import type { Answer } from '../call/answer.js';
import { keysOf } from './authenticate.js';
import type { Device } from '../device/device.js';
import { disturbedBy, interceptedBy, isFault } from '../transport/fault.js';
import type { Fault, FaultLimits } from '../transport/fault.js';
import { handleRequest } from './handle-request.js';
import type { RouteRequest } from './handle-request.js';
import type { SupervisorRequest } from '../call/request.js';
import { matchPath } from '../routes/match-path.js';
import { answeredByRelay, unreachableByRelay } from './relay.js';
import type { AnswerReply, Reply } from '../call/reply.js';
import type { Route, Unanswered } from '../call/route.js';
import type { RequestRecord } from './request-record.js';
import { goDown } from '../transitions/power.js';

/** Replies to each request: by a fault, by the relay, or by the Supervisor. */
export class Responder {
  readonly #device: Device;
  readonly #hasRelay: boolean;
  readonly #requests: RequestRecord[] = [];
  #fault: { kind: Fault; path: string | undefined; left: number };

  constructor(device: Device, { relay, fault }: { relay: boolean; fault: Fault }) {
    this.#device = device;
    this.#hasRelay = relay;
    this.#fault = { kind: fault, path: undefined, left: Infinity };
    device.refuse(fault === 'refuse');
  }

  get requests(): readonly RequestRecord[] {
    return [...this.#requests];
  }

  setFault(kind: Fault, limits: FaultLimits = {}): void {
    if (!isFault(kind)) throw new TypeError(`setFault: unknown fault ${JSON.stringify(kind)}.`);
    const { path, requests: left = Infinity } = limits;
    if (left !== Infinity && !(Number.isSafeInteger(left) && left > 0)) {
      throw new TypeError('setFault: requests must be a positive integer.');
    }
    if (kind === 'refuse' && (path !== undefined || left !== Infinity)) {
      throw new TypeError(
        'setFault: the fault "refuse" cannot be limited, because refused connections carry no request.',
      );
    }
    this.#fault = { kind, path, left };
    this.#device.refuse(kind === 'refuse');
  }

  async respond(request: SupervisorRequest): Promise<Reply> {
    const { model } = this.#device.look();
    const isBehindRelay = this.#hasRelay && model.outage?.cause === 'restart';
    if ((model.outage && !isBehindRelay) || this.#fault.kind === 'refuse') return { kind: 'refused' };
    const shown = keysOf({ query: request.query, authorization: request.header('authorization') }, model.era);
    const access = accessBy(model, shown);
    this.#record({ method: request.method, path: request.path, authenticated: access.entry !== undefined });
    const fault = this.#takeFault(request.path);
    const intercepted = interceptedBy(fault);
    if (intercepted) return intercepted;
    const reply = await this.#answer(request, { ...access, isShown: shown.length > 0 }, fault);
    return reply.kind === 'answer' ? disturbedBy(fault, reply) : reply;
  }

  async #answer(request: SupervisorRequest, access: ShownAccess, fault: Fault): Promise<Reply> {
    if (this.#hasRelay) {
      const relayed = await answeredByRelay(request, (transition) => this.#device.change(transition));
      if (relayed) return relayed;
    }
    const unreached: Reply = this.#hasRelay ? unreachableByRelay(request) : { kind: 'reset' };
    if (this.#device.isDown) return unreached;
    try {
      const result = await handleRequest(request, this.#handling(access, fault));
      if (!('noAnswer' in result)) return { kind: 'answer', ...result, body: bodyOf(this.#device, result) };
      return result.noAnswer === 'reset' ? unreached : { kind: 'hang' };
    } catch (error) {
      // The Supervisor went away while the body was being received.
      if (this.#device.isDown) return unreached;
      throw error;
    }
  }

  #handling(
    { entry, isAuthorized, isScoped, isShown }: ShownAccess,
    fault: Fault,
  ): Parameters<typeof handleRequest>[1] {
    const { device, era } = this.#device.look().model;
    const apiKey = entry?.key;
    const run = async (route: Route, request: RouteRequest): Promise<Answer | Unanswered> => {
      const result = this.#device.answer((latest, now) => route.handle(latest, { ...request, apiKey, isScoped, now }));
      if (fault === 'restart-in-request') this.#device.change((latest, now) => goDown(latest, 'restart', now));
      return fault === 'restart-in-request' ? { noAnswer: 'reset' } : result;
    };
    return { version: device.supervisorVersion, era, isAuthorized, isShown, run };
  }

  #takeFault(path: string): Fault {
    const { kind, path: only, left } = this.#fault;
    if (kind === 'none' || (only !== undefined && matchPath(only, path) === undefined)) return 'none';
    this.#fault = left > 1 ? { ...this.#fault, left: left - 1 } : { kind: 'none', path: undefined, left: Infinity };
    return kind;
  }

  #record(record: RequestRecord): void {
    this.#requests.push(record);
    if (this.#requests.length > keptRequests) this.#requests.shift();
  }
}

/** The access of a caller, and whether it sent any key. */
interface ShownAccess extends Access {
  isShown: boolean;
}

function bodyOf(device: Device, { body }: Answer): AnswerReply['body'] {
  if (typeof body === 'string') return body;
  return async function* encoded(clientGone) {
    const encoder = new TextEncoder();
    for await (const chunk of body(device.watch(clientGone))) {
      yield typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
    }
  };
}

const keptRequests = 1000;
