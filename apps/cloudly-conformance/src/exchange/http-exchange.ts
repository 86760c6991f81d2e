import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type Answer, jsonObjectOf } from './answer.js';

/** A request as it is sent, even if it is invalid. */
export interface WireRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: Uint8Array | undefined;
  /**
   * How the end of the body is announced: by `content-length`, in chunks, or not at all: `withheld` announces the body
   * and sends nothing of it.
   *
   * @default 'length'
   */
  framing?: 'length' | 'chunked' | 'withheld' | undefined;
}

export type WireOutcome =
  | { kind: 'answered'; answer: Answer }
  /** `error` where the connection failed: it is the system's own. */
  | { kind: 'no-answer'; reason: string; error?: Error };

/** Sends a request and reads the answer. Never rejects, and ends within `timeoutMs`, or when `signal` aborts. */
export type SendAndRead = (wire: WireRequest, timeoutMs: number, signal?: AbortSignal) => Promise<WireOutcome>;

/** More of an answer is not read. */
const ANSWER_READ_MAX_BYTES = 1024 * 1024;
const CHUNK_BYTES = 16 * 1024;

/** Each request on a connection of its own. */
export function httpExchange(wire: WireRequest, timeoutMs: number, signal?: AbortSignal): Promise<WireOutcome> {
  return new Promise((resolve) => {
    const open = wire.url.startsWith('https:') ? requestHttps : requestHttp;
    const outgoing = open(wire.url, {
      method: wire.method,
      headers: framedHeaders(wire),
      agent: false,
      // Regardless of NODE_TLS_REJECT_UNAUTHORIZED: the connection carries join tokens.
      rejectUnauthorized: true,
    });
    const timer = setTimeout(() => end({ kind: 'no-answer', reason: `no answer within ${timeoutMs} ms` }), timeoutMs);
    const end = (outcome: WireOutcome): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abandon);
      resolve(outcome);
      outgoing.destroy();
    };
    const abandon = (): void => end({ kind: 'no-answer', reason: 'the kit no longer waits' });
    signal?.addEventListener('abort', abandon);
    let isAnswering = false;
    // A server that has answered may close while the rest of the request is still being written.
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (!isAnswering) end({ kind: 'no-answer', reason: `no answer (${error.code ?? error.message})`, error });
    });
    outgoing.on('response', (response: IncomingMessage) => {
      isAnswering = true;
      readAnswer(response).then(
        (answer) => end({ kind: 'answered', answer }),
        () => end({ kind: 'no-answer', reason: `an incomplete answer with status ${response.statusCode}` }),
      );
    });
    write(outgoing, wire);
  });
}

function framedHeaders({ headers, body, framing }: WireRequest): Record<string, string> {
  if (!body) return headers;
  return framing === 'chunked'
    ? { ...headers, 'transfer-encoding': 'chunked' }
    : { ...headers, 'content-length': String(body.byteLength) };
}

function write(outgoing: ClientRequest, { body, framing }: WireRequest): void {
  if (!body) {
    outgoing.end();
    return;
  }
  if (framing === 'withheld') {
    outgoing.flushHeaders();
    return;
  }
  if (framing !== 'chunked') {
    outgoing.end(body);
    return;
  }
  for (let start = 0; start < body.byteLength; start += CHUNK_BYTES) {
    outgoing.write(body.subarray(start, start + CHUNK_BYTES));
  }
  outgoing.end();
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let byteCount = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    byteCount += chunk.byteLength;
    if (byteCount > ANSWER_READ_MAX_BYTES) break;
  }
  const text = textOf(Buffer.concat(chunks));
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  return { status: response.statusCode ?? 0, headers, byteCount, text, json: jsonObjectOf(text) };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
