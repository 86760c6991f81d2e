import { limits } from '@serve.zone/baseos-contracts';
import type { FetchLike } from './fetch-like.js';
import type { NoVerdict } from '../outcomes/outcome.js';
import { readBounded, type ReceivedBody } from './read-bounded.js';
import type { ReceivedAnswer } from './received-answer.js';
import { unreachable } from '../failures/unreachable.js';

export interface Message {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export interface ExchangeOptions {
  /** For the whole exchange: connect, headers and body. */
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

export type ExchangeResult =
  | { kind: 'answered'; answer: ReceivedAnswer }
  | Extract<NoVerdict, { kind: 'unreachable' | 'timeout' | 'aborted' }>;

/** Sends the message and reads the whole answer. Never rejects, and leaves no connection half read. */
export async function exchange(
  fetch: FetchLike,
  message: Message,
  { timeoutMs, signal }: ExchangeOptions,
): Promise<ExchangeResult> {
  if (signal?.aborted) return { kind: 'aborted' };
  const ending = new AbortController();
  let endEarly: (result: ExchangeResult) => void;
  // A race, not only a signal: a transport that ignores its signal must not block the caller.
  const endedEarly = new Promise<ExchangeResult>((resolve) => {
    endEarly = resolve;
  });
  const onAbort = (): void => endEarly({ kind: 'aborted' });
  const timer = setTimeout(() => endEarly({ kind: 'timeout', timeoutMs }), timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });

  const result = await Promise.race([
    converse(fetch, message, ending.signal).catch((error: unknown) => unreachable(error, new URL(message.url).origin)),
    endedEarly,
  ]);

  clearTimeout(timer);
  signal?.removeEventListener('abort', onAbort);
  if (result.kind !== 'answered' || !result.answer.body.ok) ending.abort();
  return result;
}

async function converse(fetch: FetchLike, message: Message, signal: AbortSignal): Promise<ExchangeResult> {
  const { url, ...rest } = message;
  const response = await fetch(url, { ...rest, signal, redirect: 'manual' });
  const { status } = response;
  const header = (name: string): string | undefined => response.headers.get(name) ?? undefined;
  return {
    kind: 'answered',
    answer: {
      status,
      contentType: header('content-type'),
      retryAfter: header('retry-after'),
      date: header('date'),
      body: reasonNotToRead(status, header) ?? (await readBounded(response.body, limits.bodyMaxBytes, signal)),
    },
  };
}

function reasonNotToRead(status: number, header: (name: string) => string | undefined): ReceivedBody | undefined {
  if (status >= 300 && status <= 399) {
    return { ok: false, reason: `a redirect${destination(header('location'))}, which is not followed` };
  }
  const encoding = header('content-encoding') ?? '';
  return /^(identity)?$/i.test(encoding.trim())
    ? undefined
    : { ok: false, reason: 'a body with a Content-Encoding that was not requested' };
}

/** Only the origin, because the query may contain private data. */
function destination(location: string | undefined): string {
  if (location === undefined || !URL.canParse(location)) return '';
  const { origin } = new URL(location);
  return origin === 'null' ? '' : ` to ${origin}`;
}
