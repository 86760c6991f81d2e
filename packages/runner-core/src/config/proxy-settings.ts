import { Secret } from '../secret.js';
import { bypassesProxy } from './bypasses-proxy.js';
import type { EnvironmentReader } from './environment-reader.js';
import { type ParseValue, proxyUrl } from './parse-value.js';
import type { RunnerConfig } from './runner-config.js';

type ProxySettings = Pick<RunnerConfig, 'cloudlyProxy' | 'noProxy'>;

/** The proxy of the environment that calls to Cloudly take, if they take one. */
export const readProxySettings = (reader: EnvironmentReader, cloudlyUrl: URL | undefined): ProxySettings => {
  const httpsProxy = reader.value('HTTPS_PROXY', proxyUrl);
  const httpProxy = reader.value('HTTP_PROXY', proxyUrl);
  const noProxy = reader.value('NO_PROXY', anyText);
  const proxy = cloudlyUrl?.protocol === 'https:' ? httpsProxy : httpProxy;
  const isUsed = proxy && cloudlyUrl && !bypassesProxy(cloudlyUrl, noProxy ?? '');
  return { noProxy, cloudlyProxy: isUsed ? { address: proxy.origin, url: new Secret(proxy.href) } : undefined };
};

const anyText: ParseValue<string> = (text) => ({ ok: true, value: text });
