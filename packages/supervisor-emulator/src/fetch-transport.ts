import type { Answer } from './answer.js';
import { slowByteMs } from './fault.js';
import type { SupervisorRequest } from './handle-request.js';
import type { Reply } from './reply.js';

/** A web-standard request, as the Supervisor takes it. */
export function fromRequest(request: Request): SupervisorRequest {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    path: pathname,
    query: search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    body: request.body,
  };
}

/** The reply as `fetch` would give it: a response, a TypeError with a system error as its cause, or nothing until aborted. */
export function toResponse(reply: Reply, signal: AbortSignal): Promise<Response> {
  switch (reply.kind) {
    case 'answer':
      return Promise.resolve(responseOf(reply.answer, reply.slow));
    case 'hang':
      return untilAborted(signal);
    case 'reset':
      return Promise.reject(networkError('ECONNRESET', 'read ECONNRESET'));
    case 'refused':
    default:
      return Promise.reject(networkError('ECONNREFUSED', 'connect ECONNREFUSED'));
  }
}

function responseOf({ status, headers, body }: Answer, slow: boolean): Response {
  if (body === '') return new Response(null, { status, headers });
  return new Response(slow ? slowly(body) : body, { status, headers });
}

function slowly(body: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(body);
  let sent = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new ReadableStream<Uint8Array>({
    pull: (controller) =>
      new Promise((resolve) => {
        timer = setTimeout(() => {
          controller.enqueue(bytes.subarray(sent, ++sent));
          if (sent === bytes.length) controller.close();
          resolve();
        }, slowByteMs);
      }),
    cancel: () => clearTimeout(timer),
  });
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
  });
}

function networkError(code: string, message: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
}
