import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  judgeRequestHead,
  limits,
  parseHeartbeatRequest,
  parseLegacyHeartbeatRequest,
  parseLegacyRegisterRequest,
  parseRegisterRequest,
  type RequestInput,
} from '../index.js';

function message(name: string): string {
  return readFileSync(new URL(`../../examples/${name}.json`, import.meta.url), 'utf8');
}

const registration = message('register-request');
const heartbeat = message('heartbeat-request');
const parsers = {
  parseRegisterRequest,
  parseHeartbeatRequest,
  parseLegacyRegisterRequest,
  parseLegacyHeartbeatRequest,
};

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const headers = { 'content-type': 'application/json' };

function requestWith(body: string | Uint8Array | null | undefined) {
  return { method: 'POST', headers, body };
}

describe('a request', () => {
  test.each([
    ['the text of its body', heartbeat],
    ['the bytes of its body', bytesOf(heartbeat)],
    ["a Buffer, as Node's parsers give it", Buffer.from(heartbeat)],
    ['bytes of another realm', runInNewContext(`new Uint8Array(${JSON.stringify([...bytesOf(heartbeat)])})`)],
    ['a whole request with text', requestWith(heartbeat)],
    ['a whole request with bytes', requestWith(bytesOf(heartbeat))],
    ['a whole request with web-standard headers', { ...requestWith(heartbeat), headers: new Headers(headers) }],
  ] as [string, RequestInput][])('may be given as %s', (_form, request) => {
    expect(parseHeartbeatRequest(request)).toEqual({ ok: true, value: JSON.parse(heartbeat) });
  });

  test('may begin with a byte order mark in any form, but a second one is not JSON', () => {
    for (const [marks, isRead] of [
      ['\uFEFF', true],
      ['\uFEFF\uFEFF', false],
    ] as const) {
      const text = marks + registration;
      for (const request of [text, bytesOf(text), requestWith(text), requestWith(bytesOf(text))]) {
        expect(parseRegisterRequest(request).ok).toBe(isRead);
      }
    }
  });

  test('without a body is malformed, like one with an empty body', () => {
    const refused = { ok: false, problem: { code: 'malformed-request', issues: [{ path: '', rule: 'json' }] } };
    for (const body of [undefined, null, '', new Uint8Array()]) {
      expect(parseRegisterRequest(requestWith(body))).toEqual(refused);
    }
  });

  test.each([
    ['a byte that does not complete a character', [0xc3, 0x28]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a truncated character', [0xf0, 0x9f, 0xa7]],
    ['UTF-16', [...Buffer.from('\uFEFF{}', 'utf16le')]],
  ])('in bytes that are not UTF-8 is malformed: %s', (_case, bytes) => {
    const body = Uint8Array.of(...bytesOf('{"note":"'), ...bytes, ...bytesOf('"}'));
    const refused = { ok: false, problem: { code: 'malformed-request', issues: [{ path: '', rule: 'utf-8' }] } };
    expect(parseRegisterRequest(body)).toEqual(refused);
    expect(parseRegisterRequest(requestWith(body))).toEqual(refused);
  });

  test('is measured in bytes before any of it is decoded', () => {
    // No UTF-8: it would be malformed, were it looked at.
    const body = new Uint8Array(limits.bodyMaxBytes + 1).fill(0xff);
    for (const request of [body, requestWith(body)]) {
      expect(parseRegisterRequest(request)).toMatchObject({ problem: { code: 'payload-too-large' } });
    }
    const atLimit = bytesOf(
      registration.padEnd(limits.bodyMaxBytes - bytesOf(registration).length + registration.length),
    );
    expect(atLimit.byteLength).toBe(limits.bodyMaxBytes);
    expect(parseRegisterRequest(atLimit).ok).toBe(true);
  });

  test('has its head checked before its body', () => {
    const tooLarge = ' '.repeat(limits.bodyMaxBytes + 1);
    expect(parseRegisterRequest({ method: 'GET', headers: {}, body: tooLarge })).toEqual({
      ok: false,
      problem: { code: 'method-not-allowed' },
    });
    expect(parseRegisterRequest({ method: 'POST', headers: {}, body: tooLarge })).toMatchObject({
      problem: { code: 'unsupported-media-type' },
    });
  });
});

const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.json(),
  fc.constantFrom(registration, heartbeat, `\uFEFF${heartbeat}`),
  fc.jsonValue().map((status) => JSON.stringify({ ...(JSON.parse(heartbeat) as object), status })),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 4 })
    .map((unit) => unit.repeat(limits.bodyMaxBytes / bytesOf(unit).byteLength + 1)),
);

test('gets the same verdict as text, bytes and a whole request, from every parser', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom(...Object.values(parsers)), (text, parse) => {
      const judged = parse(text);
      for (const form of [bytesOf(text), requestWith(text), requestWith(bytesOf(text))]) {
        expect(parse(form)).toEqual(judged);
      }
    }),
  );
});

test('no bytes and no head make a parser throw, and a whole request has its head checked before its body', () => {
  const values = fc.oneof(fc.string(), fc.constantFrom('application/json', 'gzip', '999999', ''));
  const heads = fc.record({
    method: fc.oneof(fc.constantFrom('POST', 'GET', 'HEAD', 'OPTIONS', 'post', undefined), fc.string()),
    headers: fc.dictionary(
      fc.oneof(fc.constantFrom('content-type', 'Content-Encoding', 'content-length', 'get'), fc.string()),
      fc.oneof(values, fc.array(values), fc.constant(undefined)),
    ),
  });
  fc.assert(
    fc.property(heads, fc.uint8Array(), fc.constantFrom(...Object.values(parsers)), (head, bytes, parse) => {
      const judged = parse(bytes);
      const refused = judgeRequestHead(head);
      expect(parse({ ...head, body: bytes })).toEqual(refused ? { ok: false, problem: refused } : judged);
    }),
  );
});

describe('a value that is not a request', () => {
  const parsed: unknown = JSON.parse(heartbeat);
  test.each([
    ['a body that express.json() has parsed', parsed, /already been parsed; give the body as it came/],
    ['a whole request with such a body', requestWith(parsed as string), /body .* already been parsed/],
    ['a list', [], /already been parsed/],
    ['nothing', undefined, /this is undefined/],
    ['null', null, /this is null/],
    ['a number', 7, /this is number/],
    ['a promise of the text', Promise.resolve(heartbeat), /a promise; await it/],
    ['a promise in place of the body', requestWith(Promise.resolve('') as never), /a promise; await it/],
    ['a stream', new Blob([heartbeat]).stream(), /readBoundedBody/],
    ['an unread web-standard request', new Request('http://a', { method: 'POST', body: '{}' }), /readBoundedBody/],
    ['an ArrayBuffer', bytesOf(heartbeat).buffer, /Uint8Array/],
    ['an ArrayBuffer of another realm', runInNewContext('new ArrayBuffer(2)'), /Uint8Array/],
    ['shared memory', requestWith(new SharedArrayBuffer(2) as never), /Uint8Array/],
    ['a DataView', new DataView(new ArrayBuffer(2)), /Uint8Array/],
    ['a Blob', requestWith(new Blob([heartbeat]) as never), /not been read yet; give a Uint8Array/],
    ['elements other than bytes', requestWith(new Uint16Array(2) as never), /Uint8Array/],
    ['a request without a body so far', { method: 'POST', headers }, /has no body: read it first/],
    ['a request without headers', { method: 'POST', body: heartbeat }, /method, headers and body/],
    ['headers that are a list', { ...requestWith(''), headers: ['content-type', 'application/json'] }, /^headers must/],
    ['no headers', { ...requestWith(''), headers: undefined }, /^headers must/],
  ] as [string, unknown, RegExp][])('throws an error that names the remedy: %s', (_case, request, remedy) => {
    for (const parse of Object.values(parsers)) {
      const act = (): unknown => parse(request as RequestInput);
      expect(act).toThrow(TypeError);
      expect(act).toThrow(remedy);
    }
  });

  test('is never repeated in the error', () => {
    expect(() => parseRegisterRequest({ registrationKey: 'secret' } as never)).toThrow(/^(?!.*secret)/);
  });
});
