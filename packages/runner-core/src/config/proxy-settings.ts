import { Secret } from '../values/secret.js';
import { bypassesProxy } from './bypasses-proxy.js';
import type { EnvironmentReader } from './environment-reader.js';
import { type ParseValue, proxyUrl } from './parse-value.js';
import { pasteSlips } from './paste-slips.js';
import type { RunnerConfig } from './runner-config.js';

type ProxySettings = Pick<RunnerConfig, 'cloudlyProxy' | 'noProxy'>;

/** The proxy of the environment that calls to Cloudly take, if they take one. */
export function readProxySettings(reader: EnvironmentReader, cloudlyUrl: URL | undefined): ProxySettings {
  const httpsProxy = reader.value('HTTPS_PROXY', proxyUrl);
  const httpProxy = reader.value('HTTP_PROXY', proxyUrl);
  const noProxy = reader.looseValue('NO_PROXY', noProxyList);
  const proxy = cloudlyUrl?.protocol === 'https:' ? httpsProxy : httpProxy;
  const isUsed = proxy && cloudlyUrl && !bypassesProxy(cloudlyUrl, noProxy ?? '');
  return { noProxy, cloudlyProxy: isUsed ? { address: proxy.origin, url: new Secret(proxy.href) } : undefined };
}

/** Entries in quotes would cover nothing, and what they name would be reached through the proxy. */
const noProxyList: ParseValue<string> = (text) => {
  const { clauses } = pasteSlips(text.trim());
  return clauses.length > 0 ? { ok: false, problem: `which ${clauses.join(' and ')}` } : { ok: true, value: text };
};
