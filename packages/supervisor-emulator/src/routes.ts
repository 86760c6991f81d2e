import { sendJson, sendStatus, sendText } from './answer.js';
import type { Answer } from './answer.js';
import { deviceView } from './device-view.js';
import { runningApps } from './model.js';
import type { Model } from './model.js';
import type { ParsedBody } from './parse-body.js';
import { stateStatusView } from './state-status-view.js';
import { reboot, requestUpdate } from './transitions.js';

/** One endpoint: how it is found, who may use it, and what it does to the model. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** `none`: before the key is looked at; `any`: any valid key, whatever its scope. */
  readonly key: 'none' | 'any';
  readonly handle: (model: Model, call: Call) => Outcome;
}

export interface Call {
  readonly body: ParsedBody;
  /** ms since the epoch; the model is settled at this moment. */
  readonly now: number;
}

export interface Outcome {
  readonly answer: Answer;
  /** The changed model; absent if nothing changed. */
  readonly model?: Model;
}

/** What this Supervisor answers. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/v1/healthy', key: 'none', handle: healthy },
  { method: 'GET', path: '/ping', key: 'none', handle: () => ({ answer: sendText(200, 'OK') }) },
  { method: 'POST', path: '/v1/update', key: 'any', handle: update },
  { method: 'POST', path: '/v1/reboot', key: 'any', handle: acceptReboot },
  { method: 'GET', path: '/v1/device', key: 'any', handle: device },
  { method: 'GET', path: '/v2/state/status', key: 'any', handle: stateStatus },
  { method: 'GET', path: '/v2/version', key: 'any', handle: version },
];

function healthy(model: Model): Outcome {
  return { answer: model.healthy ? sendStatus(200) : sendText(500, 'Unhealthy') };
}

function update(model: Model, { body, now }: Call): Outcome {
  const force = isTruthy(body['force']);
  if (!model.instantUpdates && !force) return { answer: sendStatus(202) };
  return {
    model: requestUpdate(model, { force, cancel: isTruthy(body['cancel']) }, now),
    answer: sendStatus(204),
  };
}

function acceptReboot(model: Model, { body, now }: Call): Outcome {
  const locked = runningApps(model).find(({ lockedBy }) => lockedBy !== null);
  if (locked && !isTruthy(body['force'])) {
    const reason = `Lockfile exists for { appId: ${locked.appId}, service: ${locked.lockedBy} }`;
    return { answer: sendJson(423, { Data: '', Error: reason }) };
  }
  return { model: reboot(model, now), answer: sendJson(202, { Data: 'OK', Error: null }) };
}

function device(model: Model, { now }: Call): Outcome {
  return { answer: sendJson(200, deviceView(model, now)) };
}

function stateStatus(model: Model, { now }: Call): Outcome {
  return { answer: sendJson(200, stateStatusView(model, now)) };
}

function version(model: Model): Outcome {
  return { answer: sendJson(200, { status: 'success', version: model.device.supervisorVersion }) };
}

// What the Supervisor takes for yes. Everything else, "yes" included, is ignored without a word.
function isTruthy(value: unknown): boolean {
  const known: readonly unknown[] = [true, 1, '1', 'true', 'on'];
  return known.includes(typeof value === 'string' ? value.toLowerCase() : value);
}
