import type { NodeRequest } from './node-message.js';

/** All headers, as a web-standard request has them. */
export function headersOf(incoming: NodeRequest): Headers {
  return new Headers(
    Object.keys(incoming.headers)
      .filter((name) => !isPseudoHeader(name))
      .flatMap((name) => valuesOf(incoming, name).map((value): [string, string] => [name, value])),
  );
}

/** One header, by its name in lower case; repeated ones are one value with commas. */
export function headerOf(incoming: NodeRequest, name: string): string | undefined {
  if (incoming.headers[name] === undefined) return undefined;
  const values = valuesOf(incoming, name);
  return values.length === 1 ? values[0] : values.join(', ');
}

/** Of some repeated headers, such as Authorization, `headers` has only the first. */
function valuesOf({ headers, headersDistinct }: NodeRequest, name: string): readonly string[] {
  const value = headers[name] ?? '';
  if (typeof value !== 'string') return value;
  const came = headersDistinct?.[name];
  return came && value === came[0] ? came : [value];
}

/** HTTP/2 has the request line among the headers. */
function isPseudoHeader(name: string): boolean {
  return name.startsWith(':');
}
