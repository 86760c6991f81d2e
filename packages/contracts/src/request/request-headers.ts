/**
 * The headers of a request: a Web-standard `Headers`, or a record such as Node's `request.headers`, whose names count in any
 * case and whose lists are one value with commas.
 */
export type RequestHeaders =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The value of a header, by its name in lower case.
 *
 * @throws TypeError for anything but headers.
 */
export function headerOf(headers: RequestHeaders, name: string): string | undefined {
  requireHeaders(headers);
  if (hasGet(headers)) return headers.get(name) ?? undefined;
  const values = Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? (value ?? []) : []));
  return values.length === 0 ? undefined : values.join(', ');
}

/** @throws TypeError */
export function requireHeaders(headers: unknown): void {
  if (isRecord(headers)) {
    if (!isRecord(headers['headers']) || typeof headers['get'] === 'function') return;
    throw new TypeError('This is a request: give its headers');
  }
  throw new TypeError(
    'headers must be a Headers or a record of them by name, as request.headers is in Node and in web-standard servers',
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A header of a record may be called `get`, too; its value is no function. */
function hasGet(headers: RequestHeaders): headers is { get(name: string): string | null | undefined } {
  return typeof headers.get === 'function';
}
