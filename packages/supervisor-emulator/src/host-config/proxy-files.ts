import type { ProxyFiles } from '../model/host.js';
import { decode, object, text } from '../validation/codec.js';
import { numericIdentifier } from '../validation/supervisor-types.js';
import { proxyConfig } from './host-config.js';

type Dictionary = Readonly<Record<string, unknown>>;

/** The proxy in the files; undefined without redsocks.conf, and empty if that is invalid. */
export function readProxy(files: ProxyFiles): Dictionary | undefined {
  if (files.redsocks === undefined) return undefined;
  const noProxy = readNoProxy(files);
  return { ...parseRedsocks(files.redsocks), ...(noProxy.length > 0 && { noProxy }) };
}

/** The result of a change. */
export interface ChangedProxy {
  files: ProxyFiles;
  /** Why the Supervisor stopped half way; undefined if it did not. */
  failure: string | undefined;
}

/**
 * The files after a change to the proxy: fields are merged with the existing ones, and an empty change removes redsocks.conf. A
 * login or password that is not text makes the Supervisor fail after it has written no_proxy.
 */
export function changeProxy(files: ProxyFiles, change: Dictionary): ChangedProxy {
  const { noProxy, ...fields } = change;
  const { noProxy: _noProxy, ...current } = readProxy(files) ?? {};
  const wanted = Object.keys(fields).length === 0 ? {} : { ...current, ...fields };
  const listed = noProxy == null ? files : { ...files, noProxy: writeNoProxy(noProxy) };
  try {
    const redsocks = writeRedsocks(wanted);
    const isKept = redsocks === undefined && noProxy != null && changesNoProxy(files, noProxy);
    return { files: isKept ? listed : { ...listed, redsocks }, failure: undefined };
  } catch (error) {
    return { files: listed, failure: error instanceof Error ? error.message : String(error) };
  }
}

function readNoProxy({ noProxy }: ProxyFiles): string[] {
  return (noProxy ?? '').split('\n').filter((address) => address !== '');
}

function writeNoProxy(addresses: unknown): string | undefined {
  return Array.isArray(addresses) && addresses.length > 0 ? addresses.join('\n') : undefined;
}

function changesNoProxy(files: ProxyFiles, addresses: unknown): boolean {
  if (!Array.isArray(addresses)) return false;
  const current = readNoProxy(files);
  return current.length !== addresses.length || !current.every((address) => addresses.includes(address));
}

/** undefined if there is nothing to write: `dns` alone is not a proxy. */
function writeRedsocks(proxy: Dictionary): string | undefined {
  const { dns, ...fields } = proxy;
  if (Object.keys(fields).length === 0) return undefined;
  const resolver = dns == null ? undefined : resolverOf(dns as string | boolean);
  return [
    writeBlock('base', baseFields),
    writeBlock('redsocks', { ...fields, local_ip: '127.0.0.1', local_port: 12_345 }),
    ...(resolver ? [writeBlock('dnsu2t', { ...resolver, local_ip: '127.0.0.1', local_port: 53 })] : []),
  ].join('\n');
}

function resolverOf(dns: string | boolean): Dictionary | undefined {
  if (typeof dns === 'boolean') return dns ? { remote_ip: '8.8.8.8', remote_port: 53 } : undefined;
  const [ip, port = ''] = dns.split(':');
  return { remote_ip: ip, remote_port: Number.parseInt(port, 10) };
}

function writeBlock(label: string, fields: Dictionary): string {
  const lines = Object.entries(fields).map(([key, value]) => {
    return `\t${key} = ${secretFields.has(key) ? quote(value as string) : String(value)};`;
  });
  return `${label} {\n${lines.join('\n')}\n}\n`;
}

// The message for a value that is not text comes from the JavaScript engine and contains the variable's name.
function quote(value: string): string {
  return `${value.startsWith('"') ? '' : '"'}${value}${value.endsWith('"') ? '' : '"'}`;
}

function parseRedsocks(file: string): Dictionary {
  const redsocks = parseBlock(file, 'redsocks');
  if (redsocks === undefined) return {};
  const proxy = decode(proxyConfig, redsocks);
  if (!proxy.ok) return {};
  const resolver = decode(resolverConfig, parseBlock(file, 'dnsu2t') ?? {});
  if (!resolver.ok) return proxy.value as Dictionary;
  const { remote_ip: ip, remote_port: port } = resolver.value as { remote_ip: string; remote_port: number };
  return { ...(proxy.value as Dictionary), dns: `${ip}:${port}` };
}

/** The fields of a block, without lines that are not a field; undefined without such a block. */
function parseBlock(file: string, label: string): Record<string, string> | undefined {
  const block = new RegExp(`${label}\\s?{([\\s\\S]+?)}(?=\\s|$)`).exec(file.trim())?.[1];
  if (block === undefined) return undefined;
  const fields = block.split(/;?\n/).flatMap((line) => {
    const [key = '', value = ''] = line.split(/ *?= *?/).map((part) => part.trim());
    if (key === '' || value === '' || /local_(?:ip|port)/.test(key)) return [];
    const shown = secretFields.has(key) ? value.replaceAll('"', '') : value;
    return [[key, shown] as const];
  });
  return Object.fromEntries(fields);
}

const resolverConfig = object({ remote_ip: text, remote_port: numericIdentifier });
const secretFields = new Set(['login', 'password']);
const baseFields = { log_debug: 'off', log_info: 'on', log: 'stderr', daemon: 'off', redirector: 'iptables' };
