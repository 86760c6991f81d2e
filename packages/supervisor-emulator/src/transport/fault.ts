import type { AnswerReply, Chunks, Reply } from '../call/reply.js';

/**
 * How requests fail.
 * - `none`: no request fails.
 * - `refuse`: connections are refused.
 * - `hang`: the request is never answered.
 * - `reset`: the connection is reset at the request.
 * - `bad-gateway`: 502, as from a relay in front of a Supervisor that is down.
 * - `html`: 200 with a web page, as from a captive portal.
 * - `slow-body`: the correct answer, with its body at ten bytes a second.
 * - `torn-stream`: the correct answer, but the connection breaks in the middle of the body; a stream breaks after its first piece.
 * - `restart-in-request`: the request takes effect, but the Supervisor restarts before it answers.
 *
 * With the five faults from `refuse` to `html`, a request has no effect.
 */
export type Fault = (typeof faults)[number];

/** Which requests fail. */
export interface FaultLimits {
  /** Only requests for this path. @default any path */
  path?: string;
  /** Only this many requests; then the fault ends. @default all requests */
  requests?: number;
}

const faults = [
  'none',
  'refuse',
  'hang',
  'reset',
  'bad-gateway',
  'html',
  'slow-body',
  'torn-stream',
  'restart-in-request',
] as const;

/** Whether this names a fault. */
export function isFault(value: unknown): value is Fault {
  return (faults as readonly unknown[]).includes(value);
}

/** The reply to a request that the fault intercepts; undefined if the request reaches the Supervisor. */
export function interceptedBy(fault: Fault): Reply | undefined {
  if (fault === 'refuse') return { kind: 'refused' };
  if (fault === 'hang' || fault === 'reset') return { kind: fault };
  return fault === 'bad-gateway' || fault === 'html' ? strangersAnswers[fault] : undefined;
}

/** The answer as the fault lets it through. */
export function disturbedBy(fault: Fault, reply: AnswerReply): AnswerReply {
  const { body } = reply;
  if (body === '') return reply;
  if (fault === 'torn-stream') return { ...reply, body: (signal) => torn(body, signal) };
  if (fault !== 'slow-body' || typeof body !== 'string') return reply;
  return { ...reply, body: (signal) => slowly(body, signal) };
}

async function* torn(body: string | Chunks, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (typeof body === 'string') {
    const bytes = new TextEncoder().encode(body);
    yield bytes.subarray(0, bytes.length / 2);
  } else {
    for await (const chunk of body(signal)) {
      yield chunk;
      break;
    }
  }
  throw new Error('The connection was interrupted.');
}

async function* slowly(body: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(body);
  for (let sent = 0; sent < bytes.length; sent += 1) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, slowByteMs);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    if (signal.aborted) return;
    yield bytes.subarray(sent, sent + 1);
  }
}

const slowByteMs = 100;

/** The answers that do not come from the Supervisor. */
const strangersAnswers: Readonly<Record<'bad-gateway' | 'html', AnswerReply>> = {
  'bad-gateway': {
    kind: 'answer',
    status: 502,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': '11' },
    body: 'Bad Gateway',
  },
  html: {
    kind: 'answer',
    status: 200,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': '54' },
    body: '<!DOCTYPE html><title>Sign in</title><h1>Welcome.</h1>',
  },
};
