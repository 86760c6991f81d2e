import { isProblemCode } from '@serve.zone/baseos-contracts';

/** An answer as it was received. */
export interface Answer {
  status: number;
  /** By their names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Bytes of the body, as far as they were read. */
  byteCount: number;
  /** The body's text; `undefined` if it is not UTF-8. */
  text: string | undefined;
  /** The body as a JSON object; empty if it is not one. */
  json: Readonly<Record<string, unknown>>;
}

/** `401 join-token-used`, `200 application/json`: an answer in a few words, without its content. */
export function describeAnswer({ status, headers, json }: Answer): string {
  const { code } = json;
  if (typeof code === 'string' && isProblemCode(code)) return `${status} ${code}`;
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  if (status >= 400) return `${status} without a code of the contract`;
  return mediaType === '' ? `${status} without a content type` : `${status} ${mediaType.trim().slice(0, 60)}`;
}

export function jsonObjectOf(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
