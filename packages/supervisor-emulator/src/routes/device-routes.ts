import { sendJson, sendStatus } from '../answer.js';
import { isTruthy } from '../check-value.js';
import { deviceView } from '../device-view.js';
import { runningApps } from '../model.js';
import type { Model } from '../model.js';
import { reboot, requestUpdate } from '../transitions.js';
import type { Call, Outcome, Route } from './route.js';

/** The device as a whole. */
export const deviceRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/update', since: '1.1.0', key: 'any', handle: update },
  { method: 'POST', path: '/v1/reboot', since: '1.1.0', key: 'any', handle: acceptReboot },
  { method: 'GET', path: '/v1/device', since: '1.6.0', key: 'any', handle: device },
];

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
