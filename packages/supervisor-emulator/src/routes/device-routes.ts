import { sendJson, sendStatus, sendText } from '../call/answer.js';
import { isTruthy } from '../call/check-value.js';
import { fail } from '../call/failures.js';
import { isForced, isForcedAsIs } from '../call/force.js';
import { findKey, renewAllKeys, nextKey, replaceKey } from '../model/keys.js';
import type { Model } from '../model/model.js';
import { goDown, stopContainers } from '../transitions/power.js';
import { requestUpdate } from '../transitions/update.js';
import { withLock } from '../actions/with-lock.js';
import { deviceView } from '../views/device-view.js';
import type { Call, Handle, Outcome, Route } from '../call/route.js';
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

// The presented key is the one that is replaced. If none is required, the presented one may not exist.
function regenerateKey(model: Model, { apiKey }: Call): Outcome {
  const { era } = model;
  const entry = findKey(model, apiKey);
  if (era.oneKeyForAll) {
    const key = nextKey(model, entry?.key ?? '');
    return { model: renewAllKeys(model, key), answer: sendText(200, key) };
  }
  if (!entry) return era.unknownKeyHangs ? { noAnswer: 'hang' } : { answer: fail(era, '') };
  const key = nextKey(model, entry.key);
  return { model: replaceKey(model, entry.key, key), answer: sendText(200, key) };
}

function update(model: Model, { body, now }: Call): Outcome {
  const { era } = model;
  const force = isForcedAsIs(era, body);
  const isAccepted = era.updateIsAlwaysAccepted || isReadyForUpdate(model, force);
  if (!isAccepted) return { answer: sendStatus(202) };
  const cancel = !era.updateCannotCancel && isTruthy(body['cancel']);
  return { model: requestUpdate(model, { force, cancel }, now), answer: sendStatus(204) };
}

function isReadyForUpdate({ era, instantUpdates, cloud }: Model, force: boolean): boolean {
  return era.updateIgnoresForce ? instantUpdates && cloud !== 'none' : instantUpdates || force;
}

function powerAction(action: 'reboot' | 'shutdown'): Handle {
  return (model, { body, now }) => {
    const { era } = model;
    const force = isForced(body);
    const refused = (status: number, reason: string): Outcome => ({
      answer: sendJson(status, { Data: '', Error: reason }),
    });
    const isHostUpdate = model.hostUpdate && !era.hostUpdateIsUnknown;
    if (isHostUpdate && (!force || era.hostUpdateIgnoresForce)) {
      return refused(423, 'Waiting for Host OS update to finish');
    }
    const accepted = (latest: Model, at: number): Outcome => ({
      model: goDown(latest, action, at),
      answer: sendJson(202, { Data: 'OK', Error: null }),
    });
    const work = era.powerStopsContainers ? stopContainers(accepted) : accepted;
    return withEngine(
      model,
      now,
      (message) => refused(500, message),
      (running, then) => {
        const appIds = running.apps.map(({ appId }) => appId);
        const locked = (reason: string): Outcome =>
          era.powerLockIsText ? { answer: sendText(423, reason) } : refused(423, reason);
        return withLock(running, { appIds, force, locked, work }, then);
      },
    );
  };
}

function device(model: Model, { now }: Call): Outcome {
  return withEngine(
    model,
    now,
    (message) => ({
      answer: model.era.deviceFailureIs500 ? sendJson(500, { Data: '', Error: message }) : fail(model.era, message),
    }),
    (latest, then) => ({ answer: sendJson(200, deviceView(latest, then)) }),
  );
}

const blinkMs = 15_000;
