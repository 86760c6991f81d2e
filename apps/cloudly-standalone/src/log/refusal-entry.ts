import type { Refusal, RefusalReason } from '../http/refusals.js';
import type { LogEntry } from './create-log.js';

/** What was refused on a connection, for the log. */
export function refusalEntry({ reason, status, address, code }: Refusal): LogEntry {
  const answer = status === undefined ? 'without an answer' : `with ${status}`;
  const message = `${address ?? 'Someone'} was refused ${answer}: ${causes[reason]}${code ? ` (${code})` : ''}`;
  const level = commonplace.has(reason) ? 'debug' : 'warn';
  return { level, event: 'connection-refused', message, fields: { reason, status, address, code } };
}

/** What those do that only try whether somebody listens, and devices that lose their network. */
const commonplace: ReadonlySet<RefusalReason> = new Set(['silent', 'broken-off']);

const causes: Readonly<Record<RefusalReason, string>> = {
  malformed:
    'what it sent is not HTTP. A node or a proxy that does so is set to another protocol, such as TLS or HTTP/2',
  'headers-too-large': 'its headers are larger than 16 KiB. A proxy in between may add to them',
  'chunk-extensions-too-large': 'its chunks have extensions larger than 16 KiB',
  'too-slow':
    'its request did not come to an end in time. The network there is slow, or it holds connections on purpose',
  silent: 'it connected and sent nothing',
  'broken-off': 'it hung up in the middle of its request',
  host: 'its request names no host, or several. HTTP/1.1 needs a Host header',
  target: 'neither the address that its request asks for nor its Host header can be read',
  expectation: 'its request expects (Expect) what this server does not do',
  tunnel: 'it asked for a tunnel (CONNECT). This server is no proxy',
  tls: 'its TLS handshake failed. It speaks plain HTTP, or does not trust the certificate of this server',
};
