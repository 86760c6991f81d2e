import { gzipSync } from 'node:zlib';
import { limits } from '@serve.zone/baseos-contracts';
import type { RefusalKind } from './attack.js';
import type { Bytes, Pieces } from './raw-exchange.js';
import { bearer, chunk, head, json } from './request-bytes.js';

/** What takes a body. */
export interface Target {
  method: string;
  path: string;
  host: string;
  /** Of somebody who may send there; none where nobody needs one. */
  token: string | undefined;
  /** An object in JSON. */
  message: string;
}

/** A body that no route takes. */
export interface BodyAttack {
  name: string;
  bytes: (target: Target) => Pieces;
  refusal: RefusalKind;
  mayBeCutOff?: boolean;
}

type Headers = Record<string, string | number>;

export function headTo({ method, path, host, token }: Target, headers: Headers): string {
  return head(path, { ...(token !== undefined && bearer(token)), ...headers }, { method, host });
}

function whole(body: (target: Target) => Bytes, headers: Headers = json): BodyAttack['bytes'] {
  return (target) => {
    const bytes = body(target);
    return [headTo(target, { ...headers, 'Content-Length': Buffer.byteLength(bytes) }), bytes];
  };
}

/** The message with another member, which may be no JSON that JavaScript would write. */
function withMember(member: string): BodyAttack['bytes'] {
  return whole(({ message }) => message.replace(/^\{/, () => `{${member}${message === '{}' ? '' : ','}`));
}

function text({ message }: Target): string {
  return message;
}

const chunked = { ...json, 'Transfer-Encoding': 'chunked' };

const tooLarge: readonly BodyAttack[] = [
  {
    name: 'a body that is announced as too large, and is not sent',
    bytes: (target) => [headTo(target, { ...json, 'Content-Length': limits.bodyMaxBytes + 1 })],
    refusal: 'tooLarge',
  },
  {
    name: 'a body that is too large in chunks',
    bytes: (target) => [headTo(target, chunked), chunk(limits.bodyMaxBytes), chunk(1), '0\r\n\r\n'],
    refusal: 'tooLarge',
  },
  {
    name: 'an endless body',
    bytes: function* (target) {
      yield headTo(target, chunked);
      for (;;) yield chunk(65_536);
    },
    refusal: 'tooLarge',
    mayBeCutOff: true,
  },
];

const unsupported: readonly BodyAttack[] = [
  {
    name: 'a compressed body',
    bytes: whole((target) => gzipSync(text(target)), { ...json, 'Content-Encoding': 'gzip' }),
    refusal: 'unsupported',
  },
  {
    name: 'a body that expands a thousandfold when decompressed',
    bytes: whole(() => bomb, { ...json, 'Content-Encoding': 'gzip' }),
    refusal: 'unsupported',
  },
  {
    name: 'a form',
    bytes: whole(() => 'nodeId=x', { 'Content-Type': 'application/x-www-form-urlencoded' }),
    refusal: 'unsupported',
  },
  { name: 'text', bytes: whole(text, { 'Content-Type': 'text/plain' }), refusal: 'unsupported' },
  { name: 'no content type', bytes: whole(text, {}), refusal: 'unsupported' },
  {
    name: 'another charset',
    bytes: whole(() => '{}', { 'Content-Type': 'application/json; charset=utf-16' }),
    refusal: 'unsupported',
  },
];

const bomb = gzipSync(' '.repeat(50_000_000));

function inText(...bytes: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from('{"nodeId":"'), Buffer.from(bytes), Buffer.from('"}')]);
}

const malformed: readonly BodyAttack[] = [
  { name: 'deep nesting', bytes: withMember(`"deep":${'['.repeat(100)}${']'.repeat(100)}`), refusal: 'malformed' },
  { name: 'absurd nesting', bytes: whole(() => '['.repeat(100_000)), refusal: 'malformed' },
  { name: 'a string that is too long', bytes: withMember(`"note":"${'x'.repeat(40_000)}"`), refusal: 'malformed' },
  { name: 'malformed UTF-8', bytes: whole(() => inText(0xc3, 0x28)), refusal: 'malformed' },
  { name: 'overlong UTF-8', bytes: whole(() => inText(0xc0, 0xaf)), refusal: 'malformed' },
  { name: 'U+0000', bytes: withMember(String.raw`"note":"a\u0000b"`), refusal: 'malformed' },
  { name: 'a lone surrogate', bytes: withMember(String.raw`"note":"\ud800"`), refusal: 'malformed' },
  { name: 'surrogates in the wrong order', bytes: withMember(String.raw`"note":"\udc00\ud800"`), refusal: 'malformed' },
  { name: 'the key __proto__', bytes: withMember('"__proto__":{"isAdmin":true}'), refusal: 'malformed' },
  {
    name: 'the key __proto__ in disguise',
    bytes: withMember(String.raw`"\u005f_proto__":{"isAdmin":true}`),
    refusal: 'malformed',
  },
  { name: 'a list in the place of an object', bytes: whole(() => '[]'), refusal: 'malformed' },
  { name: 'half a body', bytes: whole(() => '{"nodeId":"3f6c1f0e'), refusal: 'malformed' },
  { name: 'nothing', bytes: whole(() => ''), refusal: 'malformed' },
];

export const bodyAttacks: readonly BodyAttack[] = [...tooLarge, ...unsupported, ...malformed];
