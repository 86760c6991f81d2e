import type { AnswerReply, Chunks, Reply } from '../call/reply.js';

/**
 * How requests fail.
 * - `none`: they do not.
 * - `refuse`: nobody listens on the port.
 * - `hang`: no answer ever comes.
 * - `reset`: the connection is reset at the request.
 * - `bad-gateway`: 502, as from a relay before a Supervisor that is down.
 * - `html`: 200 with a web page, as from a captive portal.
 * - `slow-body`: the right answer, its body at ten bytes a second.
 * - `torn-stream`: the right answer, but the connection is torn in the middle of its body: a stream after its first piece.
 * - `restart-in-request`: the request has its effect, but before it is answered the Supervisor restarts.
 *
 * With the first five after `none` a request has no effect.
 */
export type Fault = (typeof faults)[number];

/** Which requests fail. */
export interface FaultLimits {
  /** Only those with this path. @default any */
  readonly path?: string;
  /** Only so many; then there is no fault any more. @default all */
  readonly requests?: number;
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

/** What becomes of a request at a fault before the Supervisor sees it; undefined if it gets that far. */
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

/** The answers that come from elsewhere than the Supervisor. */
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
