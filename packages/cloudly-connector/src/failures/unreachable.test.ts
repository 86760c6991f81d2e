import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TransportFailure } from './transport-failure.js';
import { unreachable } from './unreachable.js';

const ORIGIN = 'https://cloudly.example';

function failure(message: string, members: object = {}): Error {
  return Object.assign(new Error(message), members);
}

function reasonOf(error: unknown): string {
  return unreachable(error, ORIGIN).reason;
}

describe('why Cloudly is unreachable', () => {
  test('is the code from the system, however deeply nested', () => {
    const system = failure('connect', { code: 'ECONNREFUSED' });
    expect(reasonOf(failure('fetch failed', { cause: failure('wrapped', { cause: system }) }))).toBe('ECONNREFUSED');
  });

  test('is the code of one of the attempted addresses', () => {
    const tried = [failure('v6', { code: 'ENETUNREACH' }), failure('v4', { code: 'ECONNREFUSED' })];
    expect(reasonOf(new TypeError('fetch failed', { cause: new AggregateError(tried) }))).toBe('ENETUNREACH');
  });

  test('prefers the system’s code to that of the library around it', () => {
    expect(reasonOf(failure('a', { code: 'UND_ERR_SOCKET', cause: failure('b', { code: 'ECONNRESET' }) }))).toBe(
      'ECONNRESET',
    );
    expect(reasonOf(failure('a', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }))).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('is plain about a server that does not speak HTTP', () => {
    const { reason, message } = unreachable(failure('Parse Error', { code: 'HPE_INVALID_CONSTANT' }), ORIGIN);
    expect(reason).toBe('HPE_INVALID_CONSTANT');
    expect(message).toContain('it does not speak HTTP');
  });

  // As Deno 2.9 words them.
  test.each([
    ['client error (Connect): tcp connect error: Connection refused (os error 111)', 'ECONNREFUSED'],
    ['Connection reset by peer (os error 104)', 'ECONNRESET'],
    ['error reading a body from connection', 'ECONNRESET'],
    ['client error (Connect): dns error: failed to lookup address information', 'ENOTFOUND'],
    ['invalid peer certificate: Expired', 'CERT_HAS_EXPIRED'],
    ['invalid peer certificate: UnknownIssuer', 'certificate not trusted'],
    [
      'Requires net access to "cloudly.example:443", run again with --allow-net',
      'network access denied to this process',
    ],
  ])('is found in the messages of a runtime without codes: %s', (message, reason) => {
    expect(reasonOf(new TypeError('fetch failed', { cause: new Error(message) }))).toBe(reason);
  });

  test('is explained in plain words, with the origin', () => {
    expect(unreachable(failure('', { code: 'CERT_NOT_YET_VALID' }), ORIGIN).message).toBe(
      'No answer came from https://cloudly.example: its certificate is not valid yet, or the clock of this device is behind (CERT_NOT_YET_VALID)',
    );
    expect(unreachable(failure('', { code: 'EADDRNOTAVAIL' }), ORIGIN).message).toBe(
      'No answer came from https://cloudly.example: EADDRNOTAVAIL',
    );
  });

  test('is what the transport says, with the place and what to do', () => {
    const told = new TransportFailure({
      reason: 'proxy refused',
      place: 'the proxy http://proxy.example:3128',
      explanation: 'it asks for a user name (HTTP 407)',
      remedy: 'Give it one.',
    });
    expect(unreachable(failure('outer', { cause: told }), ORIGIN)).toEqual({
      kind: 'unreachable',
      reason: 'proxy refused',
      message:
        'No answer came from https://cloudly.example: at the proxy http://proxy.example:3128, it asks for a user name (HTTP 407) (proxy refused)',
      remedy: 'Give it one.',
    });
  });

  test('is explained in plain words even if the transport gives only a code and its place', () => {
    const told = new TransportFailure({ reason: 'ECONNREFUSED', place: 'the proxy http://proxy.example:3128' });
    expect(unreachable(told, ORIGIN).message).toBe(
      'No answer came from https://cloudly.example: at the proxy http://proxy.example:3128, nothing accepts connections there (ECONNREFUSED)',
    );
  });

  test('never repeats another error of the transport', () => {
    const secret = 'https://cloudly.example/?key=hidden';
    const error = failure(secret, { code: secret, cause: failure(secret, { name: secret }) });
    expect(JSON.stringify(unreachable(error, ORIGIN))).not.toContain('hidden');
  });

  test('is a phrase for whatever was thrown, even a circular chain of causes', () => {
    const ring = failure('ring');
    ring.cause = ring;
    expect(reasonOf(ring)).toBe('connection failed');
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(reasonOf(thrown)).toMatch(/^.{3,48}$/);
      }),
    );
  });
});
