/** A body as a route sees it: an object, empty if there was no body or it has a type that is not read. */
export type ParsedBody = Readonly<Record<string, unknown>>;

/** An error in the body of a request, in the Supervisor's words. It is answered with 503. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
}

export interface RawBody {
  header: (name: string) => string | undefined;
  /** undefined if the request has none. */
  body: AsyncIterable<Uint8Array> | undefined;
}

/** Reads JSON and forms, at most 10 MiB; other types, and JSON without its Content-Type, are left unread. */
export async function parseBody({ header, body }: RawBody): Promise<ParsedBody> {
  const contentType = header('content-type') ?? '';
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  const parse = type === undefined ? undefined : parsers[type];
  if (body === undefined || parse === undefined) return {};
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  const decoder = decoderFor(charset, type === jsonType);
  const bytes = await readBody(decompress(body, header('content-encoding')));
  return parse(decoder.decode(bytes));
}

const jsonType = 'application/json';
const parsers: Readonly<Record<string, (text: string) => ParsedBody>> = {
  [jsonType]: parseJson,
  'application/x-www-form-urlencoded': parseForm,
};

function parseJson(text: string): ParsedBody {
  if (text === '') return {};
  const start = /[^ \t\n\r]/.exec(text);
  const isContainer = start?.[0] === '{' || start?.[0] === '[';
  if (start && !isContainer) throw new BodyError(unexpectedToken(text, start.index));
  try {
    return JSON.parse(text) as ParsedBody;
  } catch (error) {
    throw new BodyError(messageOf(error));
  }
}

// Only objects and arrays are accepted. The message for anything else comes from this engine's JSON.parse. Characters
// that are invalid in any JSON provoke it.
function unexpectedToken(text: string, index: number): string {
  try {
    JSON.parse(text.slice(0, index) + '#'.repeat(text.length - index));
    return 'strict violation';
  } catch (error) {
    return messageOf(error).replaceAll(/#+/g, (signs) => text.slice(index, index + signs.length));
  }
}

/** The fields of a form or query. One that is given twice, or with brackets after its name, is an array. */
export function parseForm(text: string): ParsedBody {
  const fields = new Map<string, string | string[]>();
  for (const [given, value] of new URLSearchParams(text)) {
    const name = given.replace(/(?<=.)\[.*$/s, '');
    const before = fields.get(name);
    if (before !== undefined) fields.set(name, [before, value].flat());
    else fields.set(name, name === given ? value : [value]);
  }
  return Object.fromEntries(fields);
}

function decoderFor(charset: string, isJson: boolean): { decode(bytes: Uint8Array): string } {
  const supported = isJson ? charset.startsWith('utf-') : charset === 'utf-8';
  try {
    if (supported) return new TextDecoder(charset);
  } catch {
    // An unknown encoding is reported below, like any other.
  }
  throw new BodyError(`unsupported charset "${charset.toUpperCase()}"`);
}

function decompress(body: AsyncIterable<Uint8Array>, encoding = 'identity'): AsyncIterable<Uint8Array> {
  const name = encoding.toLowerCase();
  if (name === 'identity') return body;
  if (name !== 'gzip' && name !== 'deflate') throw new BodyError(`unsupported content encoding "${name}"`);
  return inflate(body, name);
}

async function* inflate(body: AsyncIterable<Uint8Array>, format: 'gzip' | 'deflate'): AsyncIterable<Uint8Array> {
  try {
    yield* ReadableStream.from(body).pipeThrough(new DecompressionStream(format)) as AsyncIterable<Uint8Array>;
  } catch {
    throw new BodyError('incorrect header check');
  }
}

/** The complete body. @throws BodyError over 10 MiB. */
export async function readBody(body: AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limitBytes) throw new BodyError('request entity too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const limitBytes = 10 * 1024 * 1024;
