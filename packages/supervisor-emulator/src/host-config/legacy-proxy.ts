import type { Era } from '../eras/era.js';
import type { ProxyFiles } from '../model/host.js';
import type { ChangedProxy } from './proxy-files.js';

type Dictionary = Readonly<Record<string, unknown>>;

/** The proxy as Supervisors before 16.4.0 read it, line by line. Undefined without redsocks.conf. */
export function readLegacyProxy({ redsocks, noProxy }: ProxyFiles, era: Era): Dictionary | undefined {
  if (redsocks === undefined) return undefined;
  const lines = redsocks.split('\n');
  const found = fields.flatMap((field) => {
    const values = lines.flatMap((line) => valueIn(line, field, era) ?? []);
    return values.length === 0 ? [] : [[field, values.at(-1) ?? ''] as const];
  });
  const proxy: Record<string, string | number | string[]> = Object.fromEntries(found);
  const addresses = noProxy?.split('\n') ?? [];
  const listed = era.proxyIsShownAsRead ? addresses : addresses.filter((address) => address !== '');
  if (listed.length > 0) proxy['noProxy'] = listed;
  const { port } = proxy;
  if (typeof port === 'string' && !era.proxyIsShownAsRead) proxy['port'] = Number.parseInt(port, 10);
  return proxy;
}

/** The files after a change to the proxy, as Supervisors before 16.4.0 write them. An empty change removes both. */
export function changeLegacyProxy(files: ProxyFiles, change: Dictionary, era: Era): ChangedProxy {
  if (Object.keys(change).length === 0)
    return { files: { redsocks: undefined, noProxy: undefined }, failure: undefined };
  const addresses = change['noProxy'];
  const noProxy = Array.isArray(addresses) ? addresses.join('\n') : files.noProxy;
  const current = era.proxyIsReplaced ? {} : readLegacyProxy({ ...files, noProxy }, era);
  return { files: { redsocks: write({ ...current, ...change }), noProxy }, failure: undefined };
}

const fields = ['type', 'ip', 'port', 'login', 'password'] as const;
const secretFields: ReadonlySet<string> = new Set(['login', 'password']);

function write(proxy: Dictionary): string {
  const entries = fields
    .filter((field) => proxy[field] != null)
    .map((field) => `\t${field} = ${secretFields.has(field) ? `"${String(proxy[field])}"` : String(proxy[field])};\n`);
  return `${header}${entries.join('')}}\n`;
}

// The oldest versions match any field that ends with the name, including the redirector's own address.
function valueIn(line: string, field: string, era: Era): string | undefined {
  const isSecret = secretFields.has(field);
  const start = isSecret || era.proxyIsShownAsRead ? '' : String.raw`^\s*`;
  const value = isSecret ? '"(.*)"' : String.raw`([^;\s]*)`;
  return new RegExp(String.raw`${start}${field}\s*=\s*${value}\s*;`).exec(line)?.[1];
}

const header = [
  'base {',
  '\tlog_debug = off;',
  '\tlog_info = on;',
  '\tlog = stderr;',
  '\tdaemon = off;',
  '\tredirector = iptables;',
  '}',
  '',
  'redsocks {',
  '\tlocal_ip = 127.0.0.1;',
  '\tlocal_port = 12345;',
  '',
].join('\n');
