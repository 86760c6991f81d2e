import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import type { PageFiles } from '../build/page-file.js';
import { pageFiles } from '../files/page-files.js';
import { pageHeaders } from './page-headers.js';
import { pageHtml } from './page-html.js';
import { pagePathOf } from './page-path.js';
import { chooseEncoding, type ServedFile, servedFile } from './served-file.js';

export interface FleetPageOptions {
  /**
   * What stands in front of its paths, such as `/cloudly`. The API is expected below the same prefix.
   *
   * @default none
   */
  prefix?: string | undefined;
  /** @default those of this package */
  files?: (() => Promise<PageFiles>) | undefined;
}

export interface FleetPage {
  /** Answers a request for the page; `undefined` for a request that is for something else. */
  answer(this: void, request: Request): Promise<Response> | undefined;
  /** Answers every request: 404 for what is not of the page. */
  fetch(this: void, request: Request): Promise<Response>;
}

const compress = promisify(brotliCompress);

/** The page of a fleet, to be mounted beside its API. It contains no data: these come from the API. */
export function createFleetPage({ prefix = '', files = pageFiles }: FleetPageOptions = {}): FleetPage {
  let served: Promise<ReadonlyMap<string, ServedFile>> | undefined;
  const answer: FleetPage['answer'] = (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const path = pagePathOf(new URL(request.url).pathname, prefix);
    if (path === undefined) return undefined;
    served ??= serveFiles(files, prefix);
    return served.then((found) => answerWith(found.get(path), request, path === 'view'));
  };
  return { answer, fetch: (request) => answer(request) ?? Promise.resolve(notFound()) };
}

async function serveFiles(files: () => Promise<PageFiles>, prefix: string): Promise<ReadonlyMap<string, ServedFile>> {
  const page = await files();
  const html = new Uint8Array(await compress(pageHtml(page.manifest, prefix)));
  return new Map([
    ['view', servedFile('text/html; charset=utf-8', html)],
    ...page.files.map(({ path, mediaType, brotli }) => [path, servedFile(mediaType, brotli)] as const),
  ]);
}

async function answerWith(file: ServedFile | undefined, request: Request, isView: boolean): Promise<Response> {
  if (!file) return notFound();
  const encoding = chooseEncoding(request.headers.get('accept-encoding'));
  // Two encodings are two representations, which have two tags.
  const etag = `"${file.tag}-${encoding}"`;
  const headers = {
    ...pageHeaders,
    // The name of any other file changes with its content.
    'cache-control': isView ? 'no-cache' : 'public, max-age=31536000, immutable',
    etag,
    vary: 'accept-encoding',
  };
  const known = request.headers.get('if-none-match')?.split(',') ?? [];
  if (known.some((tag) => tag.trim().replace(/^W\//, '') === etag)) return new Response(null, { status: 304, headers });
  const body = await file.body(encoding);
  return new Response(request.method === 'HEAD' ? null : body, {
    headers: {
      ...headers,
      'content-type': file.mediaType,
      'content-length': String(body.length),
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    },
  });
}

function notFound(): Response {
  return new Response('There is no such file.\n', {
    status: 404,
    headers: { ...pageHeaders, 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' },
  });
}
