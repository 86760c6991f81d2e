import { type JudgedProblem, limits } from '@serve.zone/baseos-contracts';

export type JsonBody = { ok: true; text: string } | { ok: false; problem: JudgedProblem };

/**
 * The text of a request's body, read no further than the contract allows; or the problem to answer with.
 *
 * @throws Error when something has read the body before, such as a body parser that is mounted in front.
 */
export const readJsonBody = async (request: Request): Promise<JsonBody> => {
  if (!jsonInUtf8.test(request.headers.get('content-type') ?? '')) {
    return refuse({ code: 'unsupported-media-type', detail: 'Content-Type must be application/json.' });
  }
  if (request.headers.has('content-encoding')) {
    return refuse({ code: 'unsupported-media-type', detail: 'The body must come without Content-Encoding.' });
  }
  if (Number(request.headers.get('content-length') ?? 0) > limits.bodyMaxBytes) return refuse(tooLarge);
  if (request.bodyUsed) throw new Error('The body of the request was read before it reached the handlers');
  return request.body ? readText(request.body) : { ok: true, text: '' };
};

const jsonInUtf8 = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

const tooLarge: JudgedProblem = {
  code: 'payload-too-large',
  detail: `At most ${limits.bodyMaxBytes} bytes are taken.`,
  issues: [{ path: '', rule: 'max-bytes' }],
};

const readText = async (body: ReadableStream<Uint8Array>): Promise<JsonBody> => {
  const reader = body.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let byteCount = 0;
  for (;;) {
    const chunk = await reader.read().catch(() => undefined);
    if (!chunk) return malformed('complete-body');
    byteCount += chunk.value?.byteLength ?? 0;
    if (byteCount > limits.bodyMaxBytes) {
      // What the sender makes of that is its own affair.
      void reader.cancel().catch(() => undefined);
      return refuse(tooLarge);
    }
    try {
      text += decoder.decode(chunk.value, { stream: !chunk.done });
    } catch {
      void reader.cancel().catch(() => undefined);
      return malformed('utf-8');
    }
    if (chunk.done) return { ok: true, text };
  }
};

const malformed = (rule: string): JsonBody => refuse({ code: 'malformed-request', issues: [{ path: '', rule }] });

const refuse = (problem: JudgedProblem): JsonBody => ({ ok: false, problem });
