import { type JudgedProblem, limits } from '@serve.zone/baseos-contracts';

export type JsonBody =
  /** `wasHeld` where it was not there when it was asked for: what was known before it came may be over. */
  { ok: true; text: string; wasHeld: boolean } | { ok: false; problem: JudgedProblem };

/**
 * The text of a request's body, of which no more is held than the contract allows, and for which nobody is waited longer
 * than `timeoutMs`; or the problem to answer with.
 *
 * @throws Error when something has read the body before, such as a body parser that is mounted in front.
 */
export const readJsonBody = async (request: Request, timeoutMs: number): Promise<JsonBody> => {
  if (!jsonInUtf8.test(request.headers.get('content-type') ?? '')) {
    return refuse({ code: 'unsupported-media-type', detail: 'Content-Type must be application/json.' });
  }
  if (request.headers.has('content-encoding')) {
    return refuse({ code: 'unsupported-media-type', detail: 'The body must come without Content-Encoding.' });
  }
  if (Number(request.headers.get('content-length') ?? 0) > limits.bodyMaxBytes) return refuse(tooLarge);
  if (request.bodyUsed) throw new Error('The body of the request was read before it reached the handlers');
  return request.body ? readText(request.body.getReader(), timeoutMs) : { ok: true, text: '', wasHeld: false };
};

const jsonInUtf8 = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

const tooLarge: JudgedProblem = {
  code: 'payload-too-large',
  detail: `At most ${limits.bodyMaxBytes} bytes are taken.`,
  issues: [{ path: '', rule: 'max-bytes' }],
};

/** A body that is too large is read on to here and dropped, since few senders read an answer before they have written all. */
const DROPPED_MAX_BYTES = 4 * limits.bodyMaxBytes;

type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

/** A piece costs more than its bytes; no sender that means well cuts a message into so many. */
const PIECES_MAX = 4096;

const readText = async (reader: BodyReader, timeoutMs: number): Promise<JsonBody> => {
  let isLate = false;
  let wasHeld = false;
  const nextTurn = setTimeout(() => {
    wasHeld = true;
  });
  const deadline = setTimeout(() => {
    isLate = true;
    giveUp(reader);
  }, timeoutMs);
  try {
    const { byteCount, pieceCount, text } = await readBounded(reader);
    if (isLate) return malformed('body-in-time');
    if (pieceCount > PIECES_MAX) return malformed('body-in-large-pieces');
    if (byteCount > limits.bodyMaxBytes) return refuse(tooLarge);
    return text === undefined ? malformed('utf-8') : { ok: true, text, wasHeld };
  } catch {
    return malformed(isLate ? 'body-in-time' : 'complete-body');
  } finally {
    clearTimeout(nextTurn);
    clearTimeout(deadline);
  }
};

const readBounded = async (
  reader: BodyReader,
): Promise<{ byteCount: number; pieceCount: number; text: string | undefined }> => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text: string | undefined = '';
  let byteCount = 0;
  let pieceCount = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    byteCount += next.value.byteLength;
    pieceCount += 1;
    if (byteCount <= limits.bodyMaxBytes) text = append(text, decoder, next.value);
    if (byteCount > DROPPED_MAX_BYTES || pieceCount > PIECES_MAX) {
      giveUp(reader);
      break;
    }
  }
  return { byteCount, pieceCount, text: append(text, decoder) };
};

/** Ends a read that is under way; what comes of the stream is nobody's business any more. */
const giveUp = (reader: BodyReader): void => {
  reader.cancel().catch(() => undefined);
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
