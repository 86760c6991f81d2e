import { gzipSync } from 'node:zlib';
import { limits } from '@serve.zone/baseos-contracts';

/** A body that no Cloudly takes, whoever sends it and to whichever endpoint. */
export interface RefusedBody {
  name: string;
  body: string | Uint8Array<ArrayBuffer>;
  /** Beside those that each request has, or in place of them. */
  headers?: Record<string, string>;
  refusal: readonly [status: number, code: string];
}

export const malformed = [400, 'malformed-request'] as const;
export const tooLarge = [413, 'payload-too-large'] as const;
export const unsupported = [415, 'unsupported-media-type'] as const;

export const refusedBodies: readonly RefusedBody[] = [
  { name: 'an empty body', body: '', refusal: malformed },
  { name: 'half a body', body: '{"protocol":1', refusal: malformed },
  { name: 'null', body: 'null', refusal: malformed },
  { name: 'a list', body: '[1,2,3]', refusal: malformed },
  { name: 'absurd nesting', body: nested(40_000), refusal: malformed },
  { name: 'a key __proto__', body: '{"protocol":1,"__proto__":{"isAdmin":true}}', refusal: malformed },
  { name: 'a lone surrogate', body: String.raw`{"protocol":1,"nodeId":"\ud800"}`, refusal: malformed },
  { name: 'malformed UTF-8', body: new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]), refusal: malformed },
  { name: 'UTF-16', body: new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), refusal: malformed },
  { name: 'a body that is too large', body: ' '.repeat(3 * limits.bodyMaxBytes), refusal: tooLarge },
  {
    name: 'a compressed body',
    body: new Uint8Array(gzipSync('{}')),
    headers: { 'content-encoding': 'gzip' },
    refusal: unsupported,
  },
  {
    name: 'a body that is not what its encoding says',
    body: 'plain',
    headers: { 'content-encoding': 'gzip' },
    refusal: unsupported,
  },
  {
    name: 'another charset',
    body: '{}',
    headers: { 'content-type': 'application/json; charset=utf-7' },
    refusal: unsupported,
  },
  {
    name: 'a form',
    body: 'a=b',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    refusal: unsupported,
  },
];

/** As many objects in each other. */
export function nested(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}
