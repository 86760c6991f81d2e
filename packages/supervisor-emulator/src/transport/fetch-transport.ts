import type { SupervisorRequest } from '../call/request.js';
import type { AnswerReply, Chunks, Reply } from '../call/reply.js';

/** A web-standard request, as the Supervisor accepts it. */
export function fromRequest(request: Request): SupervisorRequest {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    path: pathname,
    query: search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    body: request.body ?? undefined,
  };
}

/**
 * The reply as `fetch` would give it: a response, a TypeError with a system error as its cause, or nothing until aborted.
 * Pending requests are held in a set: otherwise a request could be garbage-collected together with its signal, and an
 * abort would have no effect.
 */
export function toResponse(reply: Reply, request: Request, held: Set<Request>): Promise<Response> {
  switch (reply.kind) {
    case 'answer':
      return Promise.resolve(responseOf(reply, request, held));
    case 'hang':
      held.add(request);
      return untilAborted(request.signal).finally(() => held.delete(request));
    case 'reset':
      return Promise.reject(networkError('ECONNRESET', 'read ECONNRESET'));
    case 'refused':
    default:
      return Promise.reject(networkError('ECONNREFUSED', 'connect ECONNREFUSED'));
  }
}

function responseOf({ status, headers, body }: AnswerReply, request: Request, held: Set<Request>): Response {
  if (body === '') return new Response(null, { status, headers });
  if (typeof body === 'string') return new Response(body, { status, headers });
  held.add(request);
  const stream = readable(body, request.signal, () => held.delete(request));
  return new Response(stream, { status, headers });
}

function readable(body: Chunks, requestSignal: AbortSignal, ended: () => void): ReadableStream<Uint8Array> {
  const cancelled = new AbortController();
  const chunks = body(AbortSignal.any([cancelled.signal, requestSignal]))[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await chunks.next();
          if (requestSignal.aborted || done === true) ended();
          if (requestSignal.aborted) controller.error(requestSignal.reason);
          else if (done === true) controller.close();
          else controller.enqueue(value);
        } catch {
          ended();
          const torn = new TypeError('terminated', { cause: new Error('other side closed') });
          controller.error(requestSignal.aborted ? requestSignal.reason : torn);
        }
      },
      cancel: async () => {
        ended();
        cancelled.abort();
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
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
