import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainTlsError } from './explain-tls-error.js';
import { unreachable } from './unreachable.js';

const ORIGIN = 'https://cloudly.example';

function error(code: string, message = ''): Error {
  return Object.assign(new Error(message), { code });
}

/** As Node words an error of OpenSSL that comes while it writes. */
function eproto(words: string): Error {
  return error(
    'EPROTO',
    `write EPROTO 80AB:error:0A000000:SSL routines:ssl3_read_bytes:${words}:../deps/openssl/ssl/x.c:1600:\n`,
  );
}

describe('a failed TLS handshake', () => {
  test.each([
    ['wrong version number', /does not speak TLS/],
    ['packet length too long', /does not speak TLS/],
    ['http request', /does not speak TLS/],
    ['tlsv1 alert protocol version', /no version of TLS/],
    ['unsupported protocol', /no version of TLS/],
    ['sslv3 alert handshake failure', /refused the TLS handshake/],
    ['ssl/tls alert handshake failure', /refused the TLS handshake/],
    ['tlsv1 unrecognized name', /no certificate for the host name/],
    ['tlsv13 alert certificate required', /certificate of this device/],
    ['sslv3 alert bad record mac', /damaged on the way/],
    ['decryption failed or bad record mac', /damaged on the way/],
    ['unsafe legacy renegotiation disabled', /secure renegotiation/],
    ['unexpected eof while reading', /closed the connection in the middle/],
    ['dh key too small', /too weak/],
    ['tlsv1 alert no application protocol', /HTTP\/1\.1/],
    ['tlsv1 alert internal error', /internal TLS error/],
    ['a reason of a later OpenSSL', /the TLS handshake failed: a reason of a later openssl/],
  ])('is explained by its cause, from a code and from the text of an EPROTO: %s', (words, explanation) => {
    const code = `ERR_SSL_${words.toUpperCase().replaceAll(' ', '_')}`;
    for (const told of [explainTlsError(error(code)), explainTlsError(eproto(words))]) {
      expect(told?.reason).toBe(code.replaceAll(/\W/g, '_'));
      expect(told?.explanation).toMatch(explanation);
      expect(told?.remedy).toMatch(/^[A-Z].*\.$/);
    }
    expect(unreachable(new TypeError('fetch failed', { cause: eproto(words) }), ORIGIN).message).toMatch(explanation);
  });

  test('without a known cause is reported as failed, without mention of plain text', () => {
    expect(explainTlsError(error('EPROTO'))).toMatchObject({ reason: 'ERR_SSL_EPROTO' });
    expect(unreachable(error('EPROTO'), ORIGIN).message).not.toContain('does not speak TLS');
  });

  test('that was cut off is recognised by Node’s message', () => {
    const words = 'Client network socket disconnected before secure TLS connection was established';
    expect(explainTlsError(error('ECONNRESET', words))?.explanation).toContain('closed it during the TLS handshake');
    expect(explainTlsError(error('ECONNRESET', 'read ECONNRESET'))).toBeUndefined();
  });

  test('is the only error explained as one, whatever was thrown, in one short line', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(explainTlsError(thrown)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const told = explainTlsError(eproto(text));
        expect(`${told?.reason} ${told?.explanation}`).toMatch(/^[\x20-\x7E]{1,400}$/);
      }),
    );
  });
});

describe('addresses that failed', () => {
  const at = (address: string, code: string): Error => Object.assign(error(code), { address, port: 443 });

  test('are listed one by one, the one that got furthest last, with its code as the reason', () => {
    const tried = new AggregateError([at('192.0.2.1', 'ECONNREFUSED'), at('2001:db8::1', 'ENETUNREACH')]);
    expect(unreachable(new TypeError('fetch failed', { cause: tried }), ORIGIN)).toEqual({
      kind: 'unreachable',
      reason: 'ECONNREFUSED',
      message:
        'No answer came from https://cloudly.example: 2001:db8::1: there is no route to it (ENETUNREACH); 192.0.2.1: nothing accepts connections there (ECONNREFUSED)',
    });
  });

  test('are listed up to a limit, and the rest are counted', () => {
    const tried = Array.from({ length: 9 }, (_, index) => at(`192.0.2.${index}`, 'ETIMEDOUT'));
    const { message } = unreachable(new AggregateError(tried), ORIGIN);
    expect(message.match(/192\.0\.2\.\d/g)).toHaveLength(4);
    expect(message).toContain('5 more addresses failed');
    expect(message.length).toBeLessThan(500);
  });

  test('are listed only if they look like addresses', () => {
    const tried = [at('secret.example/?key', 'ECONNREFUSED'), at('other', 'ETIMEDOUT')];
    expect(unreachable(new AggregateError(tried), ORIGIN).message).not.toMatch(/secret|other/);
  });
});
