import { describe, expect, test } from 'vitest';
import { classifyConnection } from './classify-connection.js';

const read = { effect: 'read' } as const;
const write = { effect: 'write' } as const;

function withCode(code: string) {
  return Object.assign(new Error('http://host/?apikey=secret'), { code });
}

function failed(error: unknown) {
  return { kind: 'failed', error } as const;
}

function denoWords(reason: string) {
  return `error sending request for url (http://host/?apikey=secret): client error (Connect): ${reason}`;
}

describe('classifyConnection', () => {
  test.each([
    ["Node's fetch", new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') })],
    ['ky around it', new Error('ky', { cause: new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') }) })],
    ['node:http', withCode('ECONNREFUSED')],
    ['Bun', withCode('ConnectionRefused')],
    ['Deno', new TypeError('fetch failed', { cause: new Error(denoWords('Connection refused (os error 111)')) })],
  ])('a refused connection, as %s shows it, is safe to retry even for a write', (_name, error) => {
    expect(classifyConnection(write, failed(error), 1)).toEqual({
      code: 'unreachable',
      what: 'the connection was refused.',
      retryable: true,
    });
  });

  test.each(['ENOTFOUND', 'EAI_AGAIN'])('%s occurs before anything is sent', (code) => {
    expect(classifyConnection(write, failed(withCode(code)), 1)).toMatchObject({
      code: 'unreachable',
      retryable: true,
    });
  });

  test.each(['EHOSTUNREACH', 'ENETUNREACH'])('%s may occur on a reused connection, so a write is in doubt', (code) => {
    const fault = classifyConnection(write, failed(withCode(code)), 1);
    expect(fault).toMatchObject({ code: 'unreachable', retryable: false });
    expect(fault.what).toContain('no route');
    expect(fault.what).toContain('may have carried out the call anyway');
    expect(classifyConnection(read, failed(withCode(code)), 1).retryable).toBe(true);
  });

  test('a connection that Deno could not open fails before anything is sent', () => {
    const error = new TypeError('fetch failed', { cause: new Error(denoWords('dns error: no such name')) });
    expect(classifyConnection(write, failed(error), 1)).toEqual({
      code: 'unreachable',
      what: 'the connection could not be established.',
      retryable: true,
    });
  });

  test.each([
    ["Node's fetch", new TypeError('fetch failed', { cause: new Error('bad port') })],
    ['ky around it', new Error('ky', { cause: new TypeError('fetch failed', { cause: new Error('bad port') }) })],
    ['Deno', new TypeError('Fetch failed: Requests to port 9 are blocked')],
  ])('a port that fetch forbids, as %s shows it, is an invalid address and not retried', (_name, error) => {
    const fault = classifyConnection(read, failed(error), 1);
    expect(fault).toMatchObject({ code: 'not-configured', what: '`fetch` blocks the port of this address.' });
    expect(fault.retryable).not.toBe(true);
  });

  test('a lost connection is safe to retry for a read', () => {
    expect(classifyConnection(read, failed(withCode('ECONNRESET')), 1)).toEqual({
      code: 'unreachable',
      what: 'the connection failed before the answer was complete (ECONNRESET).',
      retryable: true,
    });
  });

  test('a write whose connection is lost may have been carried out', () => {
    const fault = classifyConnection(write, failed(withCode('ECONNRESET')), 1);
    expect(fault).toMatchObject({ code: 'unreachable', retryable: false });
    expect(fault.what).toContain('may have carried out the call anyway');
  });

  test('a write that timed out may have been carried out', () => {
    const fault = classifyConnection(write, { kind: 'timed-out' }, 250);
    expect(fault).toMatchObject({ code: 'timeout', retryable: false });
    expect(fault.what).toContain('within 250 ms. The Supervisor may have carried out the call anyway');
  });

  test.each([
    ['node:http', withCode('HPE_INVALID_CONSTANT')],
    [
      "Node's fetch",
      new TypeError('fetch failed', { cause: Object.assign(new Error('no HTTP'), { name: 'HTTPParserError' }) }),
    ],
  ])('a reply that is not HTTP, as %s shows it, is not an answer of a Supervisor', (_name, error) => {
    expect(classifyConnection(read, failed(error), 1).code).toBe('unexpected-response');
  });

  test.each([undefined, null, 'text', 7, {}, new Error('http://host/?apikey=secret'), { code: 'a b', name: 1 }])(
    "a transport's own error (%o) is never repeated",
    (error) => {
      const fault = classifyConnection(read, failed(error), 1);
      expect(fault.code).toBe('unreachable');
      expect(fault.what).not.toContain('secret');
    },
  );

  test('circular causes end', () => {
    const error = new Error('circle');
    error.cause = error;
    expect(classifyConnection(read, failed(error), 1).what).toContain('(Error)');
  });
});
