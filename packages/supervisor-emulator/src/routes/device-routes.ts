import { sendFailure, sendJson, sendStatus, sendText } from '../answer.js';
import { isTruthy } from '../check-value.js';
import { findKey, nextKey, replaceKey } from '../keys.js';
import type { Model } from '../model.js';
import { isAtLeast } from '../supervisor-version.js';
import { goDown } from '../transitions/power.js';
import { requestUpdate } from '../transitions/update.js';
import { withLock } from '../transitions/with-lock.js';
import { deviceView } from '../views/device-view.js';
import type { Call, Handle, Outcome, Route } from './route.js';
import { withEngine } from './with-engine.js';

/** The device as a whole. */
export const deviceRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/blink', since: '1.1.0', key: 'any', body: 'unread', handle: blink },
  { method: 'POST', path: '/v1/regenerate-api-key', since: '1.1.0', key: 'any', body: 'unread', handle: regenerateKey },
  { method: 'POST', path: '/v1/reboot', since: '1.1.0', key: 'any', handle: powerAction('reboot') },
  { method: 'POST', path: '/v1/shutdown', since: '1.1.0', key: 'any', handle: powerAction('shutdown') },
  { method: 'POST', path: '/v1/update', since: '1.1.0', key: 'any', handle: update },
  { method: 'GET', path: '/v1/device', since: '1.6.0', key: 'any', handle: device },
];

function blink(model: Model, { now }: Call): Outcome {
  return { model: { ...model, blinkingUntil: now + blinkMs }, answer: sendStatus(200) };
}

// The key that is shown is the one that is replaced. Where none is asked for, one may be shown that there is not.
function regenerateKey(model: Model, { apiKey }: Call): Outcome {
  const entry = findKey(model, apiKey);
  if (!entry) return { answer: sendFailure(503, '') };
  const key = nextKey(model, entry.key);
  return { model: replaceKey(model, entry.key, key), answer: sendText(200, key) };
}

function update(model: Model, { body, now }: Call): Outcome {
  const force = isTruthy(body['force']);
  if (!model.instantUpdates && !force) return { answer: sendStatus(202) };
  const cancel = isAtLeast(model.device.supervisorVersion, '17.1.0') && isTruthy(body['cancel']);
  return { model: requestUpdate(model, { force, cancel }, now), answer: sendStatus(204) };
}

function powerAction(action: 'reboot' | 'shutdown'): Handle {
  return (model, { body, now }) => {
    const force = isTruthy(body['force']);
    const refused = (status: number, reason: string): Outcome => ({
      answer: sendJson(status, { Data: '', Error: reason }),
    });
    if (model.hostUpdate && !force) return refused(423, 'Waiting for Host OS update to finish');
    const accepted = (latest: Model, at: number): Outcome => ({
      model: goDown(latest, action, at),
      answer: sendJson(202, { Data: 'OK', Error: null }),
    });
    return withEngine(
      model,
      now,
      (message) => refused(500, message),
      (running, then) => {
        const appIds = running.apps.map(({ appId }) => appId);
        const locked = (reason: string): Outcome => refused(423, reason);
        return withLock(running, { appIds, force, locked, work: accepted }, then);
      },
    );
  };
}

function device(model: Model, { now }: Call): Outcome {
  return withEngine(
    model,
    now,
    (message) => ({ answer: sendFailure(503, message) }),
    (latest, then) => ({ answer: sendJson(200, deviceView(latest, then)) }),
  );
}

const blinkMs = 15_000;
