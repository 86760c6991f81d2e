import type { FetchLike } from '@serve.zone/balena-supervisor-client';
import type { RecordedAnswer, Recording } from '../recordings/recording.js';

/** A transport that gives each request the recorded outcome, whatever it asks for. */
export interface ReplayTransport {
  fetch: FetchLike;
  /** What the client sent, as `GET /v1/device`, without the query. */
  sent: readonly string[];
}

export function replayTransport({ outcome }: Recording): ReplayTransport {
  const sent: string[] = [];
  const fetch: FetchLike = async (url, { method, signal }) => {
    sent.push(`${method} ${new URL(url).pathname}`);
    signal.throwIfAborted();
    if (outcome.kind === 'answer') return responseOf(outcome);
    if (outcome.reason === 'timeout') return await untilAborted(signal);
    const code = outcome.reason === 'refused' ? 'ECONNREFUSED' : 'ECONNRESET';
    throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
  };
  return { fetch, sent };
}

function responseOf({ status, contentType, headers, body }: RecordedAnswer): Awaited<ReturnType<FetchLike>> {
  return {
    status,
    headers: {
      get: (name) => (name.toLowerCase() === 'content-type' ? contentType : headers.get(name.toLowerCase())) ?? null,
    },
    body: body === '' ? null : chunks(new TextEncoder().encode(body)),
  };
}

/** In pieces, as from a socket. */
async function* chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes);
}

const chunkBytes = 700;

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
