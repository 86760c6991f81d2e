import { sendFailure, sendJson, sendText } from '../answer.js';
import { isTruthy } from '../check-value.js';
import { parseHostConfig } from '../host-config/host-config.js';
import type { HostConfigChange } from '../host-config/host-config.js';
import { changeProxy, readProxy } from '../host-config/proxy-files.js';
import { defaultHostname, setTags } from '../host/host.js';
import type { Host } from '../host/host.js';
import { completeConfig } from '../local-target/device-config.js';
import type { Model } from '../model.js';
import { withLock } from '../transitions/with-lock.js';
import type { Call, Outcome, Route } from './route.js';
import { withEngine } from './with-engine.js';

/** What the device is and is set to, apart from what runs on it. */
export const hostRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/device/host-config', since: '6.6.0', key: 'any', handle: hostConfig },
  { method: 'PATCH', path: '/v1/device/host-config', since: '6.6.0', key: 'any', handle: changeHostConfig },
  { method: 'GET', path: '/v2/device/name', since: '9.11.0', key: 'any', handle: deviceName },
  { method: 'GET', path: '/v2/device/tags', since: '9.11.0', key: 'any', handle: tags },
  { method: 'PATCH', path: '/v2/device/tags', since: '17.8.0', key: 'any', handle: changeTags },
  { method: 'GET', path: '/v2/device/vpn', since: '11.4.0', key: 'any', handle: vpn },
  { method: 'GET', path: '/v2/local/device-info', since: '7.21.0', key: 'any', handle: deviceInfo },
];

function hostConfig({ host }: Model): Outcome {
  const proxy = readProxy(host.proxy);
  return { answer: sendJson(200, { network: { hostname: host.hostname, ...(proxy && { proxy }) } }) };
}

function changeHostConfig(model: Model, { body, now }: Call): Outcome {
  const parsed = parseHostConfig(body);
  if (!parsed.ok) return { answer: sendText(400, parsed.message) };
  const { network } = parsed.change;
  if (network.hostname == null && network.proxy == null) return { answer: sendText(200, 'OK') };
  const locked = (reason: string): Outcome => ({ answer: sendText(423, reason) });
  const work = (latest: Model): Outcome => {
    const { host, failure } = applyChange(latest.host, network);
    return { model: { ...latest, host }, answer: failure === null ? sendText(200, 'OK') : sendText(503, failure) };
  };
  return withEngine(
    model,
    now,
    (message) => ({ answer: sendText(503, message) }),
    (latest, at) => {
      const appIds = latest.apps.map(({ appId }) => appId);
      return withLock(latest, { appIds, force: isTruthy(body['force']), locked, work }, at);
    },
  );
}

// Both are done side by side: the hostname is changed also where the proxy cannot be.
function applyChange(
  host: Host,
  { hostname, proxy }: HostConfigChange['network'],
): { readonly host: Host; readonly failure: string | null } {
  const named = hostname == null ? host : { ...host, hostname: (hostname || defaultHostname(host.uuid)).trim() };
  if (proxy == null) return { host: named, failure: null };
  const { files, failure } = changeProxy(host.proxy, proxy);
  return { host: { ...named, proxy: files }, failure };
}

function deviceName({ host }: Model): Outcome {
  return { answer: sendJson(200, { status: 'success', deviceName: host.deviceName }) };
}

function tags({ cloud, host }: Model): Outcome {
  if (cloud === 'none') {
    return { answer: sendFailure(500, 'Attempt to communicate with API, without initialized client') };
  }
  if (cloud === 'down') return { answer: sendFailure(500, 'fetch failed') };
  return { answer: sendJson(200, { status: 'success', tags: host.tags }) };
}

// Accepted also while there is no cloud to tell.
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

function deviceInfo({ host }: Model): Outcome {
  return { answer: sendJson(200, { status: 'success', info: { arch: host.arch, deviceType: host.deviceType } }) };
}
