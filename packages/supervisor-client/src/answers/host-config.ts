import * as v from 'valibot';
import { readJson, type ReadAnswer } from './read-answer.js';
import { lenient, lenientList, optionalText, text, withoutAbsent } from './lenient.js';
import type { OpenEnum } from './open-enum.js';

/** The host's network configuration, from `GET /v1/device/host-config`. */
export interface HostConfig {
  /** The host name. */
  hostname?: string;
  /** Absent without a proxy. */
  proxy?: HostProxy;
}

/** The proxy of the host. Any part may be missing, for example if only `noProxy` is set. */
export interface HostProxy {
  /** Its kind. */
  type?: OpenEnum<ProxyType>;
  /** An IP address or a host name. */
  ip?: string;
  /** 1 to 65535 */
  port?: number;
  /** The user name at the proxy. */
  login?: string;
  /** **In plain text.** */
  password?: string;
  /** Addresses that bypass the proxy, or networks such as `10.0.0.0/8`. */
  noProxy?: string[];
  /** Whether DNS goes through the proxy, or the `address:port` of the DNS server. Since Supervisor 16.6. */
  dns?: boolean | string;
}

/** The kinds of proxy that the host can use. */
export type ProxyType = 'socks4' | 'socks5' | 'http-connect' | 'http-relay';

/** The Supervisor returns the port as in its file: as a number, or as a string of digits. */
const port = v.pipe(
  v.unknown(),
  v.transform((given) => {
    const number = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
    return typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= 65_535
      ? number
      : undefined;
  }),
);

const proxySchema = v.pipe(
  v.object({
    type: optionalText,
    ip: optionalText,
    port: v.optional(port),
    login: optionalText,
    password: optionalText,
    // Supervisors before 12.4 return an empty file as one empty line.
    noProxy: lenient(lenientList(v.pipe(text, v.nonEmpty()))),
    dns: lenient(v.custom<boolean | string>((given) => typeof given === 'boolean' || typeof given === 'string')),
  }),
  v.transform((proxy): HostProxy => withoutAbsent(proxy)),
);

const hostConfigSchema = v.pipe(
  v.object({ network: v.object({ hostname: optionalText, proxy: lenient(proxySchema) }) }),
  v.transform(({ network: { hostname, proxy } }): HostConfig =>
    // Without a usable file, the Supervisor returns an empty object.
    withoutAbsent({ hostname, proxy: proxy && Object.keys(proxy).length > 0 ? proxy : undefined }),
  ),
);

export const readHostConfig: ReadAnswer<HostConfig> = readJson(hostConfigSchema);
