import type { Era } from '../eras/era.js';
import { defaultHostname } from '../model/host.js';
import type { Host } from '../model/host.js';
import type { HostConfigChange } from './host-config.js';
import { changeLegacyProxy, readLegacyProxy } from './legacy-proxy.js';
import { changeProxy, readProxy } from './proxy-files.js';

/** The device's network as `GET /v1/device/host-config` shows it. */
export function viewNetwork({ hostname, proxy: files }: Host, era: Era): Record<string, unknown> {
  const proxy = era.hostConfigIsNotJudged ? readLegacyProxy(files, era) : readProxy(files);
  return { hostname, ...(proxy && { proxy }) };
}

/** A host after a change. */
export interface ChangedHost {
  host: Host;
  /** Why the Supervisor stopped half way; undefined if it did not. */
  failure: string | undefined;
}

/** Changes hostname and proxy independently: the hostname changes even if the proxy cannot. */
export function changeNetwork(host: Host, { hostname, proxy }: HostConfigChange['network'], era: Era): ChangedHost {
  const named = hostname == null ? host : nameHost(host, hostname, era);
  if (proxy == null) return { host: named, failure: undefined };
  const change = era.proxyHasNoDns ? withoutDns(proxy) : proxy;
  const { files, failure } = era.hostConfigIsNotJudged
    ? changeLegacyProxy(host.proxy, change, era)
    : changeProxy(host.proxy, change);
  return { host: { ...named, proxy: files }, failure };
}

/** An empty name means the device's default. */
export function nameHost(host: Host, hostname: string, era: Era): Host {
  const chosen = hostname === '' && !era.emptyHostnameIsTaken ? defaultHostname(host.uuid) : hostname;
  return { ...host, hostname: chosen.trim() };
}

function withoutDns({ dns: _dns, ...proxy }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return proxy;
}
