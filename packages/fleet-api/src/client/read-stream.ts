import type { FollowedEvents, FollowOptions } from '@serve.zone/baseos-cloudly-handlers';
import { followedOf } from '../event-stream/followed-messages.js';
import { createMessageReader } from '../event-stream/read-messages.js';
import { streamRoutes } from '../routes/stream-routes.js';
import { type Connection, notTheApi, send, throwUnreachable } from './send-call.js';

/** A server says something every 15 seconds. */
const SILENCE_MAX_MS = 45_000;

const MEDIA_TYPE = 'text/event-stream';

/** One stream, until it ends. Rejects if it breaks, or is silent for too long. */
export async function* readStream(
  connection: Connection,
  { signal, ...query }: FollowOptions,
): AsyncGenerator<FollowedEvents, void, undefined> {
  const silence = new AbortController();
  const ending = AbortSignal.any([silence.signal, signal]);
  let stopTimer = connection.startTimer(connection.timeoutMs, () => silence.abort());
  try {
    const args = [query];
    const { body, headers, status } = await send(connection, {
      route: streamRoutes.followEvents,
      args,
      signal: ending,
      accept: MEDIA_TYPE,
    });
    if (!body || headers.get('content-type')?.split(';', 1)[0] !== MEDIA_TYPE) throw notTheApi(status);
    const take = createMessageReader();
    const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
    for (;;) {
      stopTimer();
      stopTimer = connection.startTimer(SILENCE_MAX_MS, () => silence.abort());
      const { value, done } = await reader.read().catch(throwUnreachable);
      if (done) return;
      for (const message of take(value)) {
        const followed = followedOf(message);
        if (followed) yield followed;
      }
    }
  } finally {
    stopTimer();
    silence.abort();
  }
}
