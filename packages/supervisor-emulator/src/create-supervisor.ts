import { bindControls } from './controls/control.js';
import { cloudControls } from './controls/cloud-controls.js';
import { deviceControls } from './controls/device-controls.js';
import { appOf, serviceOf } from './controls/app-of.js';
import { logControls } from './controls/log-controls.js';
import { lockControls } from './controls/lock-controls.js';
import { Device } from './device/device.js';
import { fromRequest, toResponse } from './transport/fetch-transport.js';
import { keyOfService, replaceKey } from './model/keys.js';
import type { SupervisorRequest } from './call/request.js';
import type { Reply } from './call/reply.js';
import { LockFiles } from './lock-files/lock-files.js';
import { pageAnswer } from './page/page-answer.js';
import type { PageFacts } from './page/state-page.js';
import { Responder } from './server/responder.js';
import { isKey, keyForm, randomKey, resolveOptions } from './options/supervisor-options.js';
import type { SupervisorOptions } from './options/supervisor-options.js';
import { describeState } from './views/supervisor-state.js';
import type { Supervisor } from './supervisor.js';

/**
 * Creates an emulated balena Supervisor, by default of version 19.0.5, for tests, demos and app developers.
 * @throws TypeError for an invalid option.
 * @see https://docs.balena.io/reference/supervisor/supervisor-api/
 */
export function createSupervisor(options: SupervisorOptions = {}): Supervisor {
  const { clock, relay, page, model, fault, lockFiles: folder } = resolveOptions(options);
  const lockFiles = folder === undefined ? undefined : new LockFiles(folder);
  const device = new Device(model, { clock, relay, lockFiles });
  const responder = new Responder(device, { relay, fault });
  const respond = async (request: SupervisorRequest): Promise<Reply> => {
    const answer = page ? pageAnswer(request, pageFacts) : undefined;
    return answer ? { kind: 'answer', ...answer, body: answer.body as string } : await responder.respond(request);
  };
  const held = new Set<Request>();
  const controls = { ...cloudControls, ...lockControls, ...deviceControls, ...logControls };
  const firstKey = (): string => device.look().model.keys[0]?.key ?? '';

  const supervisor: Supervisor = {
    async fetch(request) {
      const reply = await respond(fromRequest(request));
      if (device.isDown) device.dropConnections();
      return toResponse(reply, request, held);
    },
    listen: (listenOptions = {}) => device.listen(listenOptions, respond),
    get apiKey() {
      return firstKey();
    },
    get globalApiKey() {
      return device.look().model.keys.find(({ appId }) => appId === undefined)?.key ?? '';
    },
    apiKeyOf({ appId, serviceName }) {
      const latest = device.look().model;
      const app = appOf(latest, appId, 'apiKeyOf');
      return keyOfService(latest, app.appId, serviceOf(app, serviceName, 'apiKeyOf'));
    },
    rotateApiKey(key = randomKey()) {
      if (!isKey(key)) throw new TypeError(`rotateApiKey: key must be ${keyForm}.`);
      device.change((latest) => replaceKey(latest, firstKey(), key));
      return key;
    },
    get state() {
      const moment = device.look();
      return describeState(moment.model, moment.now);
    },
    get requests() {
      return responder.requests;
    },
    ...bindControls(controls, (transition) => device.change(transition)),
    setFault: (kind, limits) => responder.setFault(kind, limits),
    finishReboot: () => device.finishReboot(),
    whenUp: () => device.whenUp(),
    async until(condition, signal) {
      const moment = await device.until(({ model: latest, now }) => condition(describeState(latest, now)), signal);
      return describeState(moment.model, moment.now);
    },
    lockFolder({ appId, serviceName } = {}) {
      const app = appOf(device.look().model, appId, 'lockFolder');
      return device.lockFolder(app, serviceOf(app, serviceName, 'lockFolder'));
    },
  };
  const pageFacts = (): PageFacts => {
    const { model: latest, now } = device.look();
    return { model: latest, state: describeState(latest, now), requests: responder.requests };
  };

  // Logs and serialized copies of the object must not contain a key.
  for (const name of ['apiKey', 'globalApiKey']) Object.defineProperty(supervisor, name, { enumerable: false });
  return supervisor;
}
