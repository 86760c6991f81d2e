import * as v from 'valibot';

/** The answer to a request. */
export interface Answer {
  status: number;
  contentType?: string | undefined;
  body: Uint8Array;
}

/** Makes the call's result of a successful answer, or says what is wrong with it. Never throws. */
export type ReadAnswer<Result> = (answer: Answer) => { ok: true; value: Result } | { ok: false; problem: string };

/**
 * The status says it all: the body is ignored, because Supervisors differ in it. But an HTML page, or a body that is not
 * text, does not come from a Supervisor, and a body can report a failure.
 */
export function readNothing<Result>(toResult: () => Result): ReadAnswer<Result> {
  return ({ body }) => {
    const text = decodeText(body);
    if (text === undefined) return { ok: false, problem: 'a body that is not UTF-8' };
    if (text.trimStart().startsWith('<')) return { ok: false, problem: 'an HTML page' };
    return saysFailed(parseJson(text))
      ? { ok: false, problem: 'JSON that reports a failure' }
      : { ok: true, value: toResult() };
  };
}

/** In either of the Supervisors' envelopes: `{status, message}` and `{Data, Error}`. */
function saysFailed(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false;
  const { status, Error: error } = json as { status?: unknown; Error?: unknown };
  return status === 'failed' || (typeof error === 'string' && error !== '');
}

/** A body that is exactly one of `words`. The Supervisor declares them as HTML, so the content type is ignored. */
export function readWord<Result>(words: readonly string[], value: Result): ReadAnswer<Result> {
  return ({ body }) => {
    const said = decodeText(body)?.trim().toLowerCase();
    return words.some((word) => word.toLowerCase() === said)
      ? { ok: true, value }
      : { ok: false, problem: `a body other than "${words.join('" or "')}"` };
  };
}

/** A body that is a new key: letters and digits. */
export const readKey: ReadAnswer<string> = ({ body }) => {
  const key = decodeText(body)?.trim() ?? '';
  return /^\w+$/.test(key) ? { ok: true, value: key } : { ok: false, problem: 'a body that is not a key' };
};

/** The unprocessed body. */
export const readText: ReadAnswer<{ status: number; contentType?: string; text: string }> = (answer) => {
  const { status, contentType, body } = answer;
  const text = new TextDecoder().decode(body);
  return { ok: true, value: { status, ...(contentType !== undefined && { contentType }), text } };
};

export function readJson<Result>(schema: v.GenericSchema<unknown, Result>): ReadAnswer<Result> {
  return ({ body }) => {
    const text = decodeText(body);
    if (text === undefined) return { ok: false, problem: 'a body that is not UTF-8' };
    const json = parseJson(text);
    if (json === undefined) return { ok: false, problem: 'a body that is not JSON' };
    const parsed = v.safeParse(schema, json, { abortEarly: true });
    if (parsed.success) return { ok: true, value: parsed.output };
    const path = v.getDotPath(parsed.issues[0]);
    return {
      ok: false,
      problem: path === null ? 'JSON other than the expected object' : `JSON without a usable "${path}"`,
    };
  };
}

/** `undefined` if `text` is not JSON; JSON itself has no `undefined`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decodeText(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
