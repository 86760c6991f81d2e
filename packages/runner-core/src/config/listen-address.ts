import { misleadingUrl } from '@serve.zone/baseos-contracts';
import { isLoopback } from './is-loopback.js';
import type { ParseValue } from './parse-value.js';
import { pathProblem } from './path-problem.js';

/** A place on this machine to listen at. */
export type ListenAddress = { kind: 'tcp'; host: string; port: number } | { kind: 'unix'; path: string };

/** A port of the loopback, as `127.0.0.1:9464`, or the path of a unix socket, as `unix:/run/baseos/metrics.sock`. */
export const listenAddress: ParseValue<ListenAddress> = (text) => {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length);
    const problem = path.endsWith('/') ? 'names a directory' : pathProblem(path);
    return problem === undefined
      ? { ok: true, value: { kind: 'unix', path } }
      : { ok: false, problem: `whose path after unix: ${problem}` };
  }
  const [, bracketed, plain, portText = ''] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(portText);
  if (host === undefined || port < 1 || port > 65_535)
    return { ok: false, problem: 'which is not an address with a port' };
  const url = `http://${bracketed === undefined ? host : `[${bracketed}]`}:${port}`;
  if (!URL.canParse(url) || !isLoopback(new URL(url))) {
    return {
      ok: false,
      problem: 'which other machines can reach: metrics have no password, so they must stay on this machine',
    };
  }
  const misleading = misleadingUrl(url);
  return misleading === undefined
    ? { ok: true, value: { kind: 'tcp', host, port } }
    : { ok: false, problem: `which ${misleading}` };
};

/** As it was given. */
export function showListenAddress(address: ListenAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}
