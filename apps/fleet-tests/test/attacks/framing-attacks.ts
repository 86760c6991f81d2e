import { randomBytes } from 'node:crypto';
import { type Attack } from './attack.js';
import { bearer, head, heartbeatPath, json } from './request-bytes.js';

/** A well-formed heartbeat that follows an outer request which the server parses differently from a proxy in front of it. */
const hidden = head(heartbeatPath, { ...bearer('hidden'), 'Content-Length': 0 });

/** Bytes to a path that are not HTTP, or that two parsers read as different requests. */
export function framingAttacksOn(path: string): readonly Attack[] {
  return [
    {
      name: 'a length and chunks at once',
      bytes: ({ joinToken }) => [
        head(path, { ...bearer(joinToken), ...json, 'Content-Length': 5, 'Transfer-Encoding': 'chunked' }),
        '0\r\n\r\n',
        hidden,
      ],
      refusal: [400],
    },
    {
      name: 'two lengths',
      bytes: ({ joinToken }) => [
        head(path, { ...bearer(joinToken), ...json, 'Content-Length': '0\r\nContent-Length: 44' }),
        hidden,
      ],
      refusal: [400],
    },
    { name: 'a length with a sign', bytes: () => [head(path, { 'Content-Length': '+2' }), '{}'], refusal: [400] },
    {
      name: 'chunked encoding in a list of encodings',
      bytes: () => [head(path, { ...json, 'Transfer-Encoding': 'chunked, identity' }), '0\r\n\r\n', hidden],
      refusal: [400],
    },
    {
      name: 'a space before the colon',
      bytes: () => [head(path, { 'Transfer-Encoding ': 'chunked' }), '0\r\n\r\n', hidden],
      refusal: [400],
    },
    {
      name: 'a header that continues on the next line',
      bytes: () => [head(path, { 'X-Folded': 'a\r\n Content-Length: 9' }), hidden],
      refusal: [400],
    },
    {
      name: 'a chunk whose size is not a number',
      bytes: ({ joinToken }) => [
        head(path, { ...bearer(joinToken), ...json, 'Transfer-Encoding': 'chunked' }),
        'zz\r\n',
        hidden,
      ],
      refusal: [400],
    },
    { name: 'U+0000 in a header', bytes: () => [head(path, { 'X-Null': 'a\0b' })], refusal: [400] },
    {
      name: 'no host',
      bytes: () => [`POST ${path} HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`],
      refusal: [400],
    },
    {
      name: 'TLS',
      bytes: () => [Buffer.concat([Buffer.of(0x16, 0x03, 0x01, 0x02, 0x00), randomBytes(512)])],
      refusal: [400],
    },
    { name: 'HTTP/2 without TLS', bytes: () => ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', Buffer.alloc(9)], refusal: [400] },
  ];
}
