import { sendFailure, sendJson, sendText } from '../call/answer.js';
import { isTruthy } from '../call/check-value.js';
import { isForced } from '../call/force.js';
import { parseHostConfig } from '../host-config/host-config.js';
import type { HostConfigChange } from '../host-config/host-config.js';
import { changeNetwork, nameHost, viewNetwork } from '../host-config/host-network.js';
import { refusalWords } from '../model/cloud.js';
import { setTags } from '../model/host.js';
import { completeConfig } from '../model/device-config.js';
import type { Model } from '../model/model.js';
import { withLock } from '../actions/with-lock.js';
import type { Call, Outcome, Route } from '../call/route.js';
import { withEngine } from './with-engine.js';

/** The device and its settings, without the apps. */
export const hostRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/device/host-config', since: '6.6.0', key: 'any', handle: hostConfig },
  { method: 'PATCH', path: '/v1/device/host-config', since: '6.6.0', key: 'any', handle: changeHostConfig },
  { method: 'GET', path: '/v2/device/name', since: '9.11.0', key: 'any', handle: deviceName },
  { method: 'GET', path: '/v2/device/tags', since: '9.11.0', key: 'any', handle: tags },
  { method: 'PATCH', path: '/v2/device/tags', since: '17.8.0', key: 'any', handle: changeTags },
  { method: 'GET', path: '/v2/device/vpn', since: '11.4.0', key: 'any', handle: vpn },
  { method: 'GET', path: '/v2/local/device-info', since: '7.21.0', key: 'any', handle: deviceInfo },
];

function hostConfig({ host, era }: Model): Outcome {
  return { answer: sendJson(200, { network: viewNetwork(host, era) }) };
}

function changeHostConfig(model: Model, { body, now }: Call): Outcome {
  const { era } = model;
  const parsed = parseHostConfig(body, era);
  if (!parsed.ok) return { answer: sendText(400, parsed.message) };
  const { network } = parsed.change;
  if (era.hostConfigNeedsNoLock) return applyChange(model, network);
  const isNothing = network.hostname == null && network.proxy == null;
  if (isNothing && !era.hostConfigIsNotJudged) return { answer: sendText(200, 'OK') };
  return withEngine(
    model,
    now,
    (message) => ({ answer: sendText(503, message) }),
    (latest, at) => changeLocked(latest, network, isForced(body), at),
  );
}

function changeLocked(model: Model, network: HostConfigChange['network'], force: boolean, now: number): Outcome {
  const { era, apps } = model;
  if (era.hostConfigNeedsApp && apps.length === 0) return { answer: sendText(503, 'Could not find an appId') };
  const isNamedFirst = era.hostnameNeedsNoLock && network.hostname != null;
  const named = isNamedFirst ? { ...model, host: nameHost(model.host, network.hostname ?? '', era) } : model;
  if (isNamedFirst && network.proxy == null) return { model: named, answer: sendText(200, 'OK') };
  const outcome = withLock(
    named,
    {
      appIds: (era.hostConfigLocksOwnApp ? apps.slice(0, 1) : apps).map(({ appId }) => appId),
      force,
      locked: (reason) => ({ answer: sendText(423, reason) }),
      work: (latest) => applyChange(latest, network),
    },
    now,
  );
  return { ...outcome, model: outcome.model ?? named };
}

function applyChange(model: Model, network: HostConfigChange['network']): Outcome {
  const { host, failure } = changeNetwork(model.host, network, model.era);
  return { model: { ...model, host }, answer: failure === undefined ? sendText(200, 'OK') : sendText(503, failure) };
}

function deviceName({ host }: Model): Outcome {
  return { answer: sendJson(200, { status: 'success', deviceName: host.deviceName }) };
}

function tags({ cloud, era, host }: Model): Outcome {
  const words = refusalWords(cloud, era);
  if (words === undefined) return { answer: sendJson(200, { status: 'success', tags: host.tags }) };
  return era.missingTagsHang ? { noAnswer: 'hang' } : { answer: sendFailure(era.tagsFail ? 503 : 500, words) };
}

// Accepted even if there is no cloud to update.
function changeTags(model: Model, { body }: Call): Outcome {
  for (const [name, value] of Object.entries(body)) {
    if (typeof value !== 'string') return { answer: sendFailure(400, tagsExpected) };
    if (/\s/.test(name)) return { answer: sendFailure(400, 'Tag keys cannot contain whitespace') };
  }
  const host = setTags(model.host, body as Readonly<Record<string, string>>);
  return { model: { ...model, host }, answer: sendJson(202, { status: 'success' }) };
}

const tagsExpected = 'Invalid tags body, must be an object like `{[tagKey: string]: string}`';

function vpn({ cloud, host }: Model): Outcome {
  const config = completeConfig(host.wantedConfig, { unmanaged: cloud === 'none' });
  const enabled = isTruthy(config['SUPERVISOR_VPN_CONTROL']);
  return { answer: sendJson(200, { status: 'success', vpn: { enabled, connected: enabled && host.vpnConnected } }) };
}

function deviceInfo({ era, host }: Model): Outcome {
  const status = era.successIsMisspelt ? 'sucess' : 'success';
  return { answer: sendJson(200, { status, info: { arch: host.arch, deviceType: host.deviceType } }) };
}
