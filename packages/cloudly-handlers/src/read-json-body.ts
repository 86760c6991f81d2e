import { type JudgedProblem, limits } from '@serve.zone/baseos-contracts';

export type JsonBody = { ok: true; text: string } | { ok: false; problem: JudgedProblem };

/**
 * The text of a request's body, of which no more is held than the contract allows; or the problem to answer with.
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

/** A body that is too large is read on to here and dropped, since few senders read an answer before they have written all. */
const DROPPED_MAX_BYTES = 4 * limits.bodyMaxBytes;

const readText = async (body: ReadableStream<Uint8Array>): Promise<JsonBody> => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text: string | undefined = '';
  let byteCount = 0;
  try {
    for await (const chunk of body) {
      byteCount += chunk.byteLength;
      if (byteCount > DROPPED_MAX_BYTES) break;
      if (byteCount <= limits.bodyMaxBytes) text = append(text, decoder, chunk);
    }
  } catch {
    return malformed('complete-body');
  }
  if (byteCount > limits.bodyMaxBytes) return refuse(tooLarge);
  text = append(text, decoder);
  return text === undefined ? malformed('utf-8') : { ok: true, text };
};

/** `undefined` once a byte is no UTF-8; without a chunk, the text must end where a character does. */
const append = (
  text: string | undefined,
  decoder: InstanceType<typeof TextDecoder>,
  chunk?: Uint8Array,
): string | undefined => {
  if (text === undefined) return undefined;
  try {
    return text + decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    return undefined;
  }
};

const malformed = (rule: string): JsonBody => refuse({ code: 'malformed-request', issues: [{ path: '', rule }] });

const refuse = (problem: JudgedProblem): JsonBody => ({ ok: false, problem });
