import { once } from 'node:events';
import { createServer, type IncomingMessage, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ByteStream, limits, parseRegisterRequest, readBoundedBody } from '../index.js';

async function* streamOf(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

function bytes(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => index % 251);
}

test('a body is read completely, however it is split', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 2000 })), async (pieces) => {
      expect(Buffer.from(await readBoundedBody(streamOf(pieces)))).toEqual(Buffer.concat(pieces));
    }),
  );
});

test.each([
  ['a DataView of a part', new DataView(Uint8Array.of(0, 1, 2, 3, 0).buffer, 1, 3)],
  ['a subarray', Uint8Array.of(0, 1, 2, 3, 0).subarray(1, 4)],
  ['a Buffer', Buffer.of(1, 2, 3)],
  ['signed bytes', Int8Array.of(1, 2, 3)],
  ['shared memory', new Uint8Array(new SharedArrayBuffer(5)).fill(9).subarray(1, 4)],
  ['numbers of two bytes', Uint16Array.of(0x0201, 0x0403)],
])('a chunk may be any view of bytes: %s', async (_form, view) => {
  const held = await readBoundedBody(streamOf([view as unknown as Uint8Array]));
  expect(Buffer.from(held)).toEqual(Buffer.from(view.buffer, view.byteOffset, view.byteLength));
});

test.each([
  ['no body, as in a request without one', null],
  ['undefined', undefined],
  ['text', '{}'],
  ['bytes', Uint8Array.of(1)],
  ['a parsed body', { protocol: 1 }],
  ['a whole request', new Request('http://localhost', { method: 'POST', body: '{}' })],
  ['a Blob', new Blob(['{}'])],
])('a value that is not a stream throws an error that says what to pass: %s', async (_form, given) => {
  const mistake = /^A stream of bytes must be given: the body of a web-standard request/;
  await expect(readBoundedBody(given as unknown as ByteStream)).rejects.toThrow(mistake);
  await expect(readBoundedBody(given as unknown as ByteStream)).rejects.toThrow(TypeError);
});

describe('a body that is too large', () => {
  test.each([
    ['at once', [limits.bodyMaxBytes + 1]],
    ['in two', [limits.bodyMaxBytes, 1]],
    ['in many', Array.from({ length: 300 }, () => 1024)],
  ])('is drained while at most one byte too many is held: %s', async (_how, sizes) => {
    let isReadToItsEnd = false;
    const pieces = async function* () {
      for (const size of sizes) yield bytes(size);
      isReadToItsEnd = true;
    };
    const held = await readBoundedBody(pieces());
    expect(held.byteLength).toBe(limits.bodyMaxBytes + 1);
    expect(held.buffer.byteLength).toBe(limits.bodyMaxBytes + 1);
    expect(isReadToItsEnd).toBe(true);
    expect(parseRegisterRequest(held)).toMatchObject({ problem: { code: 'payload-too-large' } });
  });

  test('is abandoned at four times the limit', async () => {
    let sentBytes = 0;
    let isGivenUp = false;
    const endless = async function* () {
      try {
        for (;;) {
          sentBytes += 65_536;
          yield new Uint8Array(65_536);
        }
      } finally {
        isGivenUp = true;
      }
    };
    expect((await readBoundedBody(endless())).byteLength).toBe(limits.bodyMaxBytes + 1);
    expect(sentBytes).toBeLessThanOrEqual(4 * limits.bodyMaxBytes + 65_536);
    expect(isGivenUp).toBe(true);
  });
});

test('a body in one-byte chunks takes no more memory than its bytes', async () => {
  const one = Uint8Array.of(0x20);
  const pieces = function* () {
    for (let count = 0; count < limits.bodyMaxBytes; count += 1) yield one;
  };
  const held = await readBoundedBody(streamOf(pieces()));
  expect(held.byteLength).toBe(limits.bodyMaxBytes);
  expect(held.buffer.byteLength).toBeLessThanOrEqual(limits.bodyMaxBytes + 1);
});

describe('a web-standard body', () => {
  const asRuntimesHaveIt = (stream: ReadableStream<Uint8Array>, isIterable: boolean): ByteStream =>
    isIterable ? stream : { getReader: () => stream.getReader() };

  test.each([true, false])('is read too; async iterable: %s', async (isIterable) => {
    const { body } = new Request('http://localhost', { method: 'POST', body: '{"a":1}' });
    const held = await readBoundedBody(asRuntimesHaveIt(body as ReadableStream<Uint8Array>, isIterable));
    expect(Buffer.from(held).toString()).toBe('{"a":1}');
  });

  test.each([true, false])('is cancelled when it is abandoned; async iterable: %s', async (isIterable) => {
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      cancel: () => void (isCancelled = true),
    });
    await readBoundedBody(asRuntimesHaveIt(endless, isIterable));
    expect(isCancelled).toBe(true);
  });

  test.each([true, false])('fails the reading if it fails; async iterable: %s', async (isIterable) => {
    const failing = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('broken off')) });
    await expect(readBoundedBody(asRuntimesHaveIt(failing, isIterable))).rejects.toThrow('broken off');
  });
});

describe("Node's request", () => {
  /** Answers with the result of reading the body. Resolves with its URL. */
  const serve = async (read: (incoming: IncomingMessage) => Promise<unknown>): Promise<string> => {
    const server = createServer((incoming, outgoing) => {
      read(incoming).then(
        (what) => outgoing.end(String(what)),
        () => outgoing.destroy(),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  test('is read from the socket, and its sender gets an answer even if it was too large', async () => {
    const url = await serve(async (incoming) => (await readBoundedBody(incoming)).byteLength);
    for (const [sent, held] of [
      [1000, 1000],
      [3 * limits.bodyMaxBytes, limits.bodyMaxBytes + 1],
    ] as const) {
      const response = await fetch(url, { method: 'POST', body: new Uint8Array(sent) });
      expect(await response.text()).toBe(String(held));
    }
  });

  test('that is cut off fails as the stream does', async () => {
    let tell: (outcome: string) => void = () => undefined;
    const outcome = new Promise<string>((resolve) => (tell = resolve));
    const url = await serve(async (incoming) => {
      await readBoundedBody(incoming).then(
        () => tell('read'),
        (error: unknown) => tell(String((error as NodeJS.ErrnoException).code)),
      );
    });
    const outgoing = sendRequest(url, { method: 'POST', headers: { 'content-length': '100' } });
    outgoing.on('error', () => undefined);
    outgoing.write('{', () => outgoing.destroy());
    expect(await outcome).toBe('ECONNRESET');
  });

  test('with an encoding set throws', async () => {
    const url = await serve(async (incoming) => {
      incoming.setEncoding('utf8');
      return readBoundedBody(incoming).catch((error: unknown) => String(error));
    });
    const response = await fetch(url, { method: 'POST', body: '{}' });
    expect(await response.text()).toMatch(/^TypeError: The body must be a stream of bytes: set no encoding/);
  });
});
