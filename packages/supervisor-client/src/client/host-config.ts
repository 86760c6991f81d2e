import type { HostConfig, ProxyType } from '../answers/host-config.js';
import { withoutAbsent } from '../answers/lenient.js';
import { assertBoolean, forceOf, type CallOptions, type ForceOptions } from '../call/call-options.js';
import type { Call } from '../call/caller.js';
import { endpoints } from '../endpoints/endpoints.js';

/** The host's name and proxy. */
export interface HostConfigCalls {
  /** The current configuration, including the password of the proxy. `GET /v1/device/host-config`, since 6.6 */
  read(options?: CallOptions): Promise<HostConfig>;
  /**
   * Changes the given parts, and restarts the host services that use them. Rejects with `locked` while a service of any app holds an
   * update lock (since Supervisor 12.11.34). `PATCH /v1/device/host-config`, since 6.6
   */
  change(change: HostConfigChange, options?: HostConfigChangeOptions): Promise<void>;
}

/** The options of a change of the host configuration. */
export interface HostConfigChangeOptions extends ForceOptions {
  /**
   * Reads the proxy first, and sends all of it with the change. For Supervisors before 12.4, which replace the whole proxy
   * by the given parts (`capabilities().proxyParts`). @default false
   */
  wholeProxy?: boolean | undefined;
}

/** A change of the host's network configuration. */
export interface HostConfigChange {
  /** The host name. An empty one resets it to the first characters of the device's UUID (since Supervisor 12.4). */
  hostname?: string | undefined;
  /** The proxy that the host sends its traffic through. */
  proxy?: HostProxyChange | undefined;
}

/**
 * Only the given parts change; before Supervisor 12.4 this needs `wholeProxy`. A first proxy needs `type`, `ip` and
 * `port`. An empty object removes the proxy, and before 16.4 also `noProxy`.
 */
export interface HostProxyChange {
  /** Its kind. */
  type?: ProxyType | undefined;
  /** An IP address or a host name. */
  ip?: string | undefined;
  /** 1 to 65535 */
  port?: number | undefined;
  /** The user name at the proxy. */
  login?: string | undefined;
  /** The password that belongs to `login`. */
  password?: string | undefined;
  /** Addresses that bypass the proxy, or networks such as `10.0.0.0/8`. An empty list removes them. */
  noProxy?: string[] | undefined;
  /** `true` sends DNS through the proxy; `address:port` sends it through the proxy to that server. Since Supervisor 16.6. */
  dns?: boolean | string | undefined;
}

export function hostConfigOf(call: Call): HostConfigCalls {
  return {
    read: async (options = {}) => call(endpoints.hostConfig, options),
    change: async (change, options = {}) => {
      assertChange(change);
      const { wholeProxy = false } = options;
      assertBoolean('wholeProxy', wholeProxy);
      const bodyOf = (network: object) => ({ network, ...forceOf(options) });
      if (!wholeProxy || isEmpty(change.proxy)) {
        return call(endpoints.changeHostConfig, options, { body: bodyOf(change) });
      }
      return call(endpoints.changeHostConfig, options, {
        bodyInTurn: async () => {
          const { proxy } = await call(endpoints.hostConfig, options);
          return bodyOf({ ...change, proxy: { ...proxy, ...withoutAbsent(change.proxy ?? {}) } });
        },
      });
    },
  };
}

/**
 * The Supervisor accepts anything: with an unknown type it answers OK and deletes the proxy, and it silently drops unknown
 * members.
 */
const changeRules: Rules = {
  hostname: [isLine, 'a string without a line break'],
  proxy: [isObject, 'an object such as { noProxy: [] }'],
};

const proxyTypes: readonly unknown[] = ['socks4', 'socks5', 'http-connect', 'http-relay'] satisfies ProxyType[];

const proxyRules: Rules = {
  type: [(value) => proxyTypes.includes(value), `one of ${proxyTypes.join(', ')}`],
  ip: [isFilledLine, 'an address or a host name'],
  port: [isPort, 'a whole number from 1 to 65535'],
  login: [isLine, 'a string without a line break'],
  password: [isLine, 'a string without a line break'],
  noProxy: [(value) => Array.isArray(value) && value.every(isFilledLine), 'a list of addresses'],
  dns: [(value) => typeof value === 'boolean' || isAddressAndPort(value), 'true, false or "address:port"'],
};

type Rules = Readonly<Record<string, readonly [isGood: (value: unknown) => boolean, expected: string]>>;

function assertChange(change: unknown): void {
  if (!isObject(change)) throw new TypeError('The change must be an object such as { hostname: "gate" }.');
  assertMembers('', change, changeRules);
  if ('proxy' in change && change.proxy !== undefined) assertMembers('proxy.', change.proxy as object, proxyRules);
}

function assertMembers(prefix: string, members: object, rules: Rules): void {
  for (const [name, value] of Object.entries(members)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      throw new TypeError(`Unknown option \`${prefix}${name}\`: expected one of ${Object.keys(rules).join(', ')}.`);
    }
    const [isGood, expected] = rule;
    if (value !== undefined && !isGood(value))
      throw new TypeError(`The option \`${prefix}${name}\` must be ${expected}.`);
  }
}

function isEmpty(proxy: HostProxyChange | undefined): boolean {
  return Object.keys(withoutAbsent(proxy ?? {})).length === 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Each value is one line of the host's files. */
function isLine(value: unknown): boolean {
  return typeof value === 'string' && !/\p{Cc}/u.test(value);
}

function isFilledLine(value: unknown): boolean {
  return isLine(value) && (value as string).trim() !== '';
}

function isPort(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

function isAddressAndPort(value: unknown): boolean {
  return isLine(value) && /^.+:\d+$/.test(value as string);
}
