import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliDecompress, gzip } from 'node:zlib';

const inflate = promisify(brotliDecompress);
const deflate = promisify(gzip);

export type Encoding = 'br' | 'gzip' | 'identity';

/** A file in each way in which it can be sent. All but one are made when they are first asked for. */
export interface ServedFile {
  mediaType: string;
  /** Of the content, whatever its encoding. */
  tag: string;
  body(this: void, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>>;
}

export function servedFile(mediaType: string, brotli: Uint8Array<ArrayBuffer>): ServedFile {
  const made = new Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>([['br', Promise.resolve(brotli)]]);
  const plain = async (): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await inflate(brotli));
  const makers = { br: () => Promise.resolve(brotli), identity: plain, gzip: async () => zipped(await plain()) };
  return {
    mediaType,
    tag: createHash('sha256').update(brotli).digest('base64url').slice(0, 22),
    body(encoding) {
      const body = made.get(encoding) ?? makers[encoding]();
      made.set(encoding, body);
      return body;
    },
  };
}

async function zipped(content: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await deflate(content, { level: 9 }));
}

/** The best encoding that a client takes, by its `Accept-Encoding` (RFC 9110, 12.5.3). */
export function chooseEncoding(accepted: string | null): Encoding {
  const taken = new Set(
    (accepted ?? '')
      .split(',')
      .map((part) => part.trim().toLowerCase())
      .filter((part) => !/;\s*q=0(?:\.0*)?$/.test(part))
      .map((part) => part.split(';', 1)[0]),
  );
  if (taken.has('br')) return 'br';
  return taken.has('gzip') ? 'gzip' : 'identity';
}
