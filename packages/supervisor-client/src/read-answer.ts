import * as v from 'valibot';

/** Turns the body of a successful answer into the call's result, or says what is wrong with it. Never throws. */
export type ReadAnswer<Result> = (body: Uint8Array) => { ok: true; value: Result } | { ok: false; problem: string };

/** The status says it all: whatever the body holds is ignored. */
export function readNothing<Result>(toResult: () => Result): ReadAnswer<Result> {
  return () => ({ ok: true, value: toResult() });
}

/** A body that is nothing but `word`. The Supervisor sends such words as HTML, so the content type counts for nothing. */
export function readWord(word: string): ReadAnswer<void> {
  return (body) =>
    decodeText(body)?.trim().toLowerCase() === word.toLowerCase()
      ? { ok: true, value: undefined }
      : { ok: false, problem: `a body other than "${word}"` };
}

export function readJson<Result>(schema: v.GenericSchema<unknown, Result>): ReadAnswer<Result> {
  return (body) => {
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

/** `undefined` if `text` is not JSON; no JSON text means `undefined`. */
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
