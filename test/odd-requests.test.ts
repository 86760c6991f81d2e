import type { Socket } from 'node:net';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isSkipped } from '@serve.zone/baseos-testing/network/certificate';
import { head, type OddRequest, oddRequests } from './odd-requests/battery.js';
import { listeners, type OpenListener, Programs } from './odd-requests/listeners.js';
import { FILES_MAX } from './odd-requests/start-limited.js';
import { openConnection, type Place, sendOddRequest } from './odd-requests/send-odd-request.js';

const programs = new Programs();
beforeAll(() => programs.build());
afterAll(() => programs.remove());

/** Fewer than the agent takes at once. */
const AT_ONCE = 4;

describe.each(listeners(programs, { withTls: !isSkipped }))('$name', (kind) => {
  let listener: OpenListener;
  beforeAll(async () => {
    listener = await kind.open();
  });
  afterAll(() => listener?.close());

  test('answers correctly after each odd request, and logs no more about it than an answer', async () => {
    const battery = oddRequests(listener.good?.path ?? '/');
    for (let from = 0; from < battery.length; from += AT_ONCE) {
      const group = battery.slice(from, from + AT_ONCE);
      await Promise.all(group.map((odd) => sendOddRequest(listener.place, odd)));
      const names = group.map(({ name }) => name);
      expect({ names, answer: await answer(listener) }).toEqual({
        names,
        answer: expect.toBeOneOf(wellAnswered(listener)),
      });
    }
    expect(listener.output()).not.toMatch(/^ {4}at .*:\d+:\d+\)?$|Unhandled|MaxListenersExceeded/m);
  });

  test('answers correctly after more connections than its process can have', async () => {
    const connections = Array.from({ length: 2 * FILES_MAX }, () => openConnection(placeOfGood(listener.place)));
    await Promise.all(connections.map(takenOrRefused));
    for (const socket of connections) socket.destroy();
    // It learns of each end in a turn of its own.
    await expect.poll(() => answer(listener), { timeout: 60_000 }).toBeOneOf(wellAnswered(listener));
  });

  test('answers correctly after any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(oddBytes(listener.good?.path ?? '/'), { minLength: AT_ONCE, maxLength: AT_ONCE }),
        async (requests) => {
          await Promise.all(requests.map((odd) => sendOddRequest(listener.place, odd)));
          expect(await answer(listener)).toBeOneOf(wellAnswered(listener));
        },
      ),
      { numRuns: howMany(10, 100) },
    );
  });
});

function wellAnswered({ good }: OpenListener): readonly (number | string)[] {
  return good?.statuses ?? ['there'];
}

/** The status of a good request, or what replaced it; without HTTP, whether connections are accepted. */
async function answer({ place, good }: OpenListener): Promise<number | string> {
  if (!good) return (await isThere(place)) ? 'there' : 'gone';
  // A good request over TLS is not one in plain text.
  const text = await sendOddRequest(placeOfGood(place), {
    name: 'a good one',
    pieces: [head(`GET ${good.path} HTTP/1.1`, 'Connection: close')],
    leaves: 'waits',
  });
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0) || text;
}

function placeOfGood(place: Place): Place {
  return place.kind === 'tcp' && place.isSecure === false ? { ...place, isSecure: true } : place;
}

async function isThere(place: Place): Promise<boolean> {
  const socket = openConnection(place);
  await takenOrRefused(socket);
  const isAccepted = !socket.destroyed;
  socket.destroy();
  return isAccepted;
}

function takenOrRefused(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve());
    socket.once('close', () => resolve());
  });
}

/** Of a good request, with something left out, put in, or sent twice, and how it is written. */
function oddBytes(path: string): fc.Arbitrary<OddRequest> {
  return fc
    .record({
      start: fc.constantFrom(
        `GET ${path} HTTP/1.1`,
        `POST ${path} HTTP/1.1`,
        'OPTIONS * HTTP/1.1',
        `CONNECT a:1 HTTP/1.1`,
      ),
      header: fc.constantFrom(
        'X: y',
        'Content-Length: 7',
        'Transfer-Encoding: chunked',
        'Upgrade: h2c',
        'Expect: 100-continue',
      ),
      cutFrom: fc.nat(120),
      cutLength: fc.nat(20),
      inserted: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc
          .constantFrom('/', '//', '[', '%', ':', '\r\n', '\n', '\0', ' ', '@', '#', '?', '*', 'http://')
          .map((text) => Buffer.from(text)),
      ),
      times: fc.integer({ min: 1, max: 3 }),
      splitAt: fc.nat(150),
      leaves: fc.constantFrom('end', 'reset'),
    })
    .map(({ start, header, cutFrom, cutLength, inserted, times, splitAt, leaves }) => {
      const good = Buffer.from(`${head(start, header)}{"a":1}`);
      const changed = Buffer.concat([good.subarray(0, cutFrom), inserted, good.subarray(cutFrom + cutLength)]);
      const bytes = Buffer.concat(Array.from({ length: times }, () => changed));
      return { name: 'bytes', pieces: [bytes.subarray(0, splitAt), bytes.subarray(splitAt)], leaves };
    });
}
