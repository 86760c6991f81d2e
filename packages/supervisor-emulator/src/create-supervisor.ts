import type { Answer } from './answer.js';
import { keyOf } from './authenticate.js';
import { cloudControls } from './controls/cloud-controls.js';
import { bindControls } from './controls/control.js';
import { lockControls } from './controls/lock-controls.js';
import { Device } from './device.js';
import { disturbedBy, interceptedBy, isFault } from './fault.js';
import type { Fault } from './fault.js';
import { fromRequest, toResponse } from './fetch-transport.js';
import { handleRequest } from './handle-request.js';
import type { RouteRequest, SupervisorRequest } from './handle-request.js';
import type { AnswerReply, Reply } from './reply.js';
import type { Route, Unanswered } from './routes/route.js';
import { checkKey, randomKey, resolveOptions } from './supervisor-options.js';
import type { SupervisorOptions } from './supervisor-options.js';
import { describeState } from './supervisor-state.js';
import type { RequestRecord, Supervisor } from './supervisor.js';

/**
 * A balena Supervisor 19.0.5 without a device: a stateful stand-in for tests, demos and app developers.
 * @throws TypeError for an option that cannot be.
 * @see https://docs.balena.io/reference/supervisor/supervisor-api/
 */
export function createSupervisor(options: SupervisorOptions = {}): Supervisor {
  const { apiKey, globalApiKey, clock, model, fault: firstFault } = resolveOptions(options);
  const keys = { app: apiKey, global: globalApiKey };
  const device = new Device(model, clock);
  const requests: RequestRecord[] = [];
  let fault: Fault = firstFault;

  async function respond(request: SupervisorRequest): Promise<Reply> {
    const { model: current } = device.look();
    if (device.isDown) return { kind: 'refused' };
    const apiKeyShown = keyOf({ query: request.query, authorization: request.header('authorization') });
    const authenticated = apiKeyShown === keys.app || apiKeyShown === keys.global;
    requests.push({ method: request.method, path: request.path, authenticated });
    if (requests.length > keptRequests) requests.shift();
    const at = fault;
    const intercepted = interceptedBy(at);
    if (intercepted) return intercepted;

    const run = (route: Route, { method, body, query, params }: RouteRequest): Promise<Answer | Unanswered> =>
      device.answer((latest, now) =>
        route.handle(latest, { method, body, query, params, apiKey: apiKeyShown, isScoped: () => true, now }),
      );
    const authorized = authenticated || current.localMode || current.cloud === 'none';
    const version = current.device.supervisorVersion;
    try {
      const result = await handleRequest(request, { version, authorized, run });
      if ('noAnswer' in result) return { kind: result.noAnswer };
      return disturbedBy(at, { kind: 'answer', ...result, body: bodyOf(device, result) });
    } catch (error) {
      if (device.isDown) return { kind: 'reset' };
      throw error;
    }
  }

  const supervisor: Supervisor = {
    async fetch(request) {
      const reply = await respond(fromRequest(request));
      if (device.isDown) device.dropConnections();
      return toResponse(reply, request.signal);
    },
    listen: (listenOptions = {}) => device.listen(listenOptions, respond),
    get apiKey() {
      return keys.app;
    },
    get globalApiKey() {
      return keys.global;
    },
    rotateApiKey(key = randomKey()) {
      keys.app = checkKey(key, 'rotateApiKey: key');
      return key;
    },
    get state() {
      const moment = device.look();
      return describeState(moment.model, moment.now);
    },
    get requests() {
      return [...requests];
    },
    ...bindControls({ ...cloudControls, ...lockControls }, (transition) => device.change(transition)),
    setFault(next) {
      if (!isFault(next)) throw new TypeError(`setFault: there is no fault ${JSON.stringify(next)}.`);
      fault = next;
    },
    finishReboot: () => device.finishReboot(),
    whenUp: () => device.whenUp(),
  };
  // Whoever logs or serializes the object shall not write a key down.
  for (const name of ['apiKey', 'globalApiKey']) Object.defineProperty(supervisor, name, { enumerable: false });
  return supervisor;
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
