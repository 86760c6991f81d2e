import { jsonObjectOf } from '../src/exchange/answer.js';
import type { SendAndRead, WireOutcome, WireRequest } from '../src/exchange/http-exchange.js';
import type { Fetch } from './alteration.js';

/** What a socket between the kit and a Cloudly would make of requests and answers, without one. */
export function sendDirectly(fetch: Fetch): SendAndRead {
  return async (wire, timeoutMs, signal) => {
    let end: (outcome: WireOutcome) => void = () => undefined;
    const ended = new Promise<WireOutcome>((resolve) => (end = resolve));
    const giveUp = (reason: string): void => end({ kind: 'no-answer', reason });
    const timer = setTimeout(giveUp, timeoutMs, `no answer within ${timeoutMs} ms`);
    signal?.addEventListener('abort', () => giveUp('the kit no longer waits'));
    const outcome = await Promise.race([ended, exchange(fetch, wire)]);
    clearTimeout(timer);
    return outcome;
  };
}

async function exchange(fetch: Fetch, wire: WireRequest): Promise<WireOutcome> {
  try {
    const response = await fetch(requestOf(wire));
    const bytes = await response.arrayBuffer();
    const text = textOf(bytes);
    const headers = { 'content-length': String(bytes.byteLength), ...Object.fromEntries(response.headers) };
    const answer = { status: response.status, headers, byteCount: bytes.byteLength, text, json: jsonObjectOf(text) };
    return { kind: 'answered', answer };
  } catch (error) {
    return { kind: 'no-answer', reason: 'no answer (ECONNRESET)', error: error as Error };
  }
}

function requestOf({ url, method, headers, body, framing = 'length' }: WireRequest): Request {
  const { host } = new URL(url);
  if (body === undefined || method === 'GET') return new Request(url, { method, headers: { host, ...headers } });
  const framed =
    framing === 'chunked' ? { 'transfer-encoding': 'chunked' } : { 'content-length': `${body.byteLength}` };
  const bytes = framing === 'withheld' ? new ReadableStream() : body.slice();
  return new Request(url, { method, headers: { host, ...headers, ...framed }, body: bytes, duplex: 'half' });
}

function textOf(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
