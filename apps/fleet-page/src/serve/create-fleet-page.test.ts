import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { PageFiles } from '../build/page-file.js';
import { createFleetPage } from './create-fleet-page.js';

const code = 'console.log(1)';
async function files(): Promise<PageFiles> {
  return {
    manifest: { script: 'assets/main-A.js', preloads: ['assets/chunk-B.js'], style: 'assets/page-C.css' },
    files: [
      { path: 'assets/main-A.js', mediaType: 'text/javascript', brotli: new Uint8Array(brotliCompressSync(code)) },
    ],
  };
}

function request(path: string, headers: Record<string, string> = {}, method = 'GET'): Request {
  return new Request(`https://fleet.example${path}`, { headers, method });
}

test('every view is the same document, which loads its files below the prefix', async () => {
  const { fetch } = createFleetPage({ prefix: '/fleet', files });
  const response = await fetch(request('/fleet/nodes/gate-7'));
  const html = await response.text();
  expect(html).toContain('<script type="module" src="/fleet/assets/main-A.js"></script>');
  expect(html).toContain('href="/fleet/assets/chunk-B.js"');
  expect(await (await fetch(request('/'))).text()).toBe(html);
  expect(response.headers.get('cache-control')).toBe('no-cache');
});

test('the policy allows nothing inline and nothing from elsewhere', async () => {
  const { fetch } = createFleetPage({ files });
  const response = await fetch(request('/'));
  const policy = response.headers.get('content-security-policy');
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
  expect(await response.text()).not.toMatch(/<style|<script>| style=| on\w+=/);
});

test('a file is sent as the client takes it, and kept for good', async () => {
  const { fetch } = createFleetPage({ files });
  const get = (encoding: string) => fetch(request('/assets/main-A.js', { 'accept-encoding': encoding }));
  const bytes = async (response: Response) => new Uint8Array(await response.arrayBuffer());
  const brotli = await get('gzip, deflate, br');
  expect(brotli.headers.get('content-encoding')).toBe('br');
  expect(brotli.headers.get('cache-control')).toContain('immutable');
  expect(brotliDecompressSync(await bytes(brotli)).toString()).toBe(code);
  expect(gunzipSync(await bytes(await get('gzip, br;q=0'))).toString()).toBe(code);
  const plain = await get('');
  expect(plain.headers.has('content-encoding')).toBe(false);
  expect(await plain.text()).toBe(code);
});

test('who has it already gets no content again', async () => {
  const { fetch } = createFleetPage({ files });
  const etag = (await fetch(request('/'))).headers.get('etag') ?? '';
  const again = await fetch(request('/', { 'if-none-match': `"other", W/${etag}` }));
  expect([again.status, await again.text()]).toEqual([304, '']);
  expect((await fetch(request('/', {}, 'HEAD'))).headers.get('content-length')).toMatch(/^\d+$/);
});

test('what is not of the page is left to others', async () => {
  const { answer, fetch } = createFleetPage({ files });
  expect(answer(request('/healthz'))).toBeUndefined();
  expect(answer(request('/nodes', {}, 'POST'))).toBeUndefined();
  expect((await fetch(request('/assets/gone.js'))).status).toBe(404);
});
