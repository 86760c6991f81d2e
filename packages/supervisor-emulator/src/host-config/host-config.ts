import {
  allOf,
  anything,
  boolean,
  decode,
  exact,
  exactPartial,
  list,
  literal,
  object,
  oneOf,
  partial,
  record,
  text,
} from '../validation/codec.js';
import { reportMismatches } from '../validation/report-mismatches.js';
import type { Era } from '../eras/era.js';
import { numericIdentifier, shortTextLike } from '../validation/supervisor-types.js';

/** The change that `PATCH /v1/device/host-config` asks for. The Supervisor accepts values of any type. */
export interface HostConfigChange {
  network: {
    hostname?: string;
    proxy?: Readonly<Record<string, unknown>>;
  };
}

/** The change, or why the body is invalid, in the Supervisor's words. */
export type ParsedHostConfig = { ok: true; change: HostConfigChange } | { ok: false; message: string };

/** Reads the body of `PATCH /v1/device/host-config`: in the documented format, or else as leniently as the Supervisor does. */
export function parseHostConfig(body: unknown, era: Era): ParsedHostConfig {
  if (era.hostConfigIsNotJudged) return { ok: true, change: { network: networkIn(body) } };
  const strict = decode(hostConfiguration, body);
  if (strict.ok) return { ok: true, change: strict.value as HostConfigChange };
  const lenient = decode(lenientHostConfiguration, body);
  if (lenient.ok) return { ok: true, change: lenient.value as HostConfigChange };
  if (era.hostConfigReportIsShort) {
    return { ok: false, message: 'Could not parse host config input to a valid format' };
  }
  const report = ['Could not parse host config input to a valid format:', ...reportMismatches(lenient.mismatches)];
  return { ok: false, message: report.join('\n') };
}

function networkIn(body: unknown): HostConfigChange['network'] {
  const { network } = (body ?? {}) as { network?: unknown };
  if (typeof network !== 'object' || network === null) return {};
  const { hostname, proxy } = network as { hostname?: unknown; proxy?: unknown };
  return {
    ...(typeof hostname === 'string' ? { hostname } : {}),
    ...(proxy == null ? {} : { proxy: Object(proxy) as Record<string, unknown> }),
  };
}

const dns = oneOf(
  shortTextLike('AddressString', /^.+:[0-9]+$/, "must be a string in the format 'ADDRESS:PORT'"),
  boolean,
);

const required = {
  type: oneOf(literal('socks4'), literal('socks5'), literal('http-connect'), literal('http-relay')),
  ip: text,
  port: numericIdentifier,
};
const optional = { login: text, password: text, dns };

/** A proxy that the device can use, as it is in the file. */
export const proxyConfig = allOf([object(required), partial(optional)]);

const noProxy = { noProxy: list(text) };

const hostConfiguration = object({
  network: exactPartial({
    proxy: exact(allOf([proxyConfig, partial(noProxy)]), { ...required, ...optional, ...noProxy }),
    hostname: text,
  }),
});

const lenientHostConfiguration = object({
  network: exactPartial({
    proxy: allOf([record(text, anything), partial({ dns })]),
    hostname: text,
  }),
});
