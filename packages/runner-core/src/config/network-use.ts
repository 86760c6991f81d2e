import { bypassesProxy } from './bypasses-proxy.js';
import type { ReadConfig } from './setting.js';

// Which network settings have an effect, given the other settings.

export function hasCloudly({ cloudlyUrl }: Pick<ReadConfig, 'cloudlyUrl'>): boolean {
  return cloudlyUrl !== undefined;
}

/** The connection to a proxy may use TLS, too. */
export function usesTls({ cloudlyUrl, cloudlyProxy }: Pick<ReadConfig, 'cloudlyUrl' | 'cloudlyProxy'>): boolean {
  return cloudlyUrl?.protocol === 'https:' || cloudlyProxy?.address.startsWith('https:') === true;
}

/** Whether the proxy for this protocol is on the way to Cloudly, if there is one. */
export function isProxiedBy(
  protocol: 'https:' | 'http:',
  { cloudlyUrl, noProxy = '' }: Pick<ReadConfig, 'cloudlyUrl' | 'noProxy'>,
): boolean {
  return cloudlyUrl?.protocol === protocol && !bypassesProxy(cloudlyUrl, noProxy);
}

/** Whether there is a proxy on the way to Cloudly that an exception could bypass. */
export function needsProxyExceptions(config: Pick<ReadConfig, 'cloudlyUrl' | 'noProxy' | 'sources'>): boolean {
  return (
    (isProxiedBy('https:', config) && config.sources['HTTPS_PROXY'] !== 'unset') ||
    (isProxiedBy('http:', config) && config.sources['HTTP_PROXY'] !== 'unset')
  );
}
