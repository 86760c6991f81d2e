import type { Refusal, RefusalReason } from '../http/refusals.js';
import type { LogEntry } from './create-log.js';

/** A rejection on a connection, for the log. */
export function refusalEntry({ reason, status, address, code }: Refusal): LogEntry {
  const answer = status === undefined ? 'without an answer' : `with ${status}`;
  const message = `${address ?? 'A client'} was rejected ${answer}: ${causes[reason]}${code ? ` (${code})` : ''}`;
  const level = commonplace.has(reason) ? 'debug' : 'warn';
  return { level, event: 'connection-refused', message, fields: { reason, status, address, code } };
}

/** What port scanners and devices that lose their network cause. */
const commonplace: ReadonlySet<RefusalReason> = new Set(['silent', 'broken-off']);

const causes: Readonly<Record<RefusalReason, string>> = {
  malformed:
    'it did not send HTTP. If it is a node or a proxy, it is configured for another protocol, such as TLS or HTTP/2',
  'headers-too-large': 'its headers are larger than 16 KiB. A proxy in between may have added some',
  'chunk-extensions-too-large': 'its chunk extensions are larger than 16 KiB',
  'too-slow': 'its request timed out. Its network is slow, or it keeps connections busy on purpose',
  silent: 'it connected and sent nothing',
  'broken-off': 'it closed the connection in the middle of a request',
  host: 'its request has no Host header, or more than one. HTTP/1.1 requires one',
  target: 'the target or the Host header of its request is invalid',
  expectation: 'the Expect header of its request is not supported',
  tunnel: 'it asked for a tunnel (CONNECT). This server is not a proxy',
  tls: 'its TLS handshake failed. It uses plain HTTP, or does not trust the certificate of this server',
};
