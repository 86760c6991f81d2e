import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { createJoinToken, type NodeStore } from '@serve.zone/baseos-cloudly-handlers';
import { isSkipped, makeCertificate, unlessInstalled } from '@serve.zone/baseos-testing/network/certificate';
import { problemDocument } from '@serve.zone/baseos-contracts';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { contract } from '../src/rules/contract.js';
import { GaveUp } from '../src/run/gave-up.js';
import { JOIN_TOKEN_USES } from '../src/run/join-token-uses.js';
import { runCli } from '../src/run-cli.js';
import { type ConformanceOptions, runConformance } from '../src/run/run-conformance.js';
import { startCloudly } from './cloudly-under-test.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

// A run has hundreds of requests.
vi.setConfig({ testTimeout: 300_000 });

async function run(...argv: string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCli(
    argv,
    { write: (text: string) => void (stdout += text) },
    { write: (text: string) => void (stderr += text) },
  );
  return { code, stdout, stderr };
}

async function listen(server: Server | TcpServer): Promise<number> {
  const { port, close } = await listenOnLoopback(server);
  onTestFinished(close);
  return port;
}

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

/** The output of a run whose token admits nobody: one sentence with the reason, and nothing else. */
async function sentenceFor(url: string, joinToken: string): Promise<string> {
  const { code, stdout, stderr } = await run(url, '--join-token', joinToken, '--timeout', '1');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^No node was admitted: [^\n]+\.\n$/);
  expect(stderr).not.toContain(joinToken);
  return stderr;
}

describe('an unusable join token is reported with the reason', () => {
  test.each([
    ['expiredJoinToken', 'the join token has expired (401 join-token-expired). Create a new one.'],
    [
      'usedJoinToken',
      `the join token has been used up (401 join-token-used). Create one with ${JOIN_TOKEN_USES} uses.`,
    ],
    ['revokedJoinToken', 'the join token was revoked (401 join-token-revoked). Create a new one.'],
    ['approvalJoinToken', 'nodes of this join token wait for approval (202 application/json). Give a join token that'],
  ] as const)('%s', async (name, words) => {
    const { url, tokens } = await startCloudly();
    expect(await sentenceFor(url, tokens?.[name] ?? '')).toContain(words);
  });

  test('a mistyped one', async () => {
    const { url, joinToken } = await startCloudly();
    expect(await sentenceFor(url, `${joinToken}x`)).toContain(
      'does not recognise the join token (401 join-token-unknown). Check --join-token',
    );
  });

  test('a token that a proxy removes', async () => {
    const { url, joinToken } = await startCloudly((next) => async (request) => {
      const headers = new Headers(request.headers);
      headers.delete('authorization');
      return next(new Request(request, { headers }));
    });
    expect(await sentenceFor(url, joinToken)).toContain(
      'no join token reached Cloudly (401 join-token-missing). Check for a proxy',
    );
  });
});

describe('an unreachable Cloudly is reported with the reason', () => {
  test('no server', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    server.close();
    await once(server, 'close');
    expect(await sentenceFor(`http://127.0.0.1:${port}`, 'token-1')).toContain(
      'nothing accepts connections there (ECONNREFUSED)',
    );
  });

  test('a silent server', async () => {
    const url = `http://127.0.0.1:${await listen(createTcpServer(() => undefined))}`;
    expect(await sentenceFor(url, 'token-1')).toContain(
      `no answer within 1000 ms came from ${url}. Check that Cloudly is running`,
    );
  });

  test('a server that does not speak HTTP', async () => {
    const port = await listen(createTcpServer((socket) => socket.end('220 mail.example ESMTP\r\n')));
    expect(await sentenceFor(`http://127.0.0.1:${port}`, 'token-1')).toContain('it does not speak HTTP (HPE_');
  });

  test('https to a port of http', async () => {
    const url = await serve((_request, response) => response.end('{}'));
    expect(await sentenceFor(url.replace('http:', 'https:'), 'token-1')).toMatch(
      /does not speak TLS there.* \(ERR_SSL_/,
    );
  });

  describe.skipIf(isSkipped)(`over TLS${unlessInstalled}`, () => {
    const serveTls = async (): Promise<number> => {
      const { certPath, keyPath } = makeCertificate(temporaryFolder());
      return listen(createTlsServer({ cert: readFileSync(certPath), key: readFileSync(keyPath) }));
    };

    test('with an untrusted certificate', async () => {
      expect(await sentenceFor(`https://127.0.0.1:${await serveTls()}`, 'token-1')).toContain(
        'certificate is not trusted on this device (DEPTH_ZERO_SELF_SIGNED_CERT). NODE_EXTRA_CA_CERTS=<file> adds',
      );
    });

    test('with http to its port', async () => {
      expect(await sentenceFor(`http://127.0.0.1:${await serveTls()}`, 'token-1')).toMatch(
        /no answer came from http:.+ \((ECONN|HPE_)/,
      );
    });
  });
});

describe('an answer that is not from a Cloudly is reported:', () => {
  const page =
    (status: number): RequestListener =>
    (_request, response) =>
      response.writeHead(status, { 'content-type': 'text/html' }).end('<title>Welcome</title>');
  const json =
    (status: number, body: object, headers: Record<string, string> = {}): RequestListener =>
    (_request, response) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  const issuer = { cloudlyId: 'another', serverTime: '2026-11-29T12:00:00Z' };

  test.each<[string, RequestListener, string]>([
    ['a captive portal', page(200), 'an HTML page with status 200, as sent by captive portals'],
    [
      'a login page elsewhere',
      json(302, {}, { location: 'https://portal.example/?x=1' }),
      'a redirect to https://portal.example',
    ],
    ['another server', page(404), 'an HTML page with status 404'],
    [
      'an API of something else',
      json(404, { error: 'no route' }),
      'status 404 without a problem document of the contract',
    ],
    ['a proxy that requires a password', page(407), 'a proxy that requires credentials (status 407)'],
    [
      'a gateway that wants its own token',
      json(401, { error: 'unauthorized' }),
      'status 401 without a problem document',
    ],
    ['a proxy whose Cloudly is away', page(503), 'it cannot answer at the moment (503 without a code of the contract)'],
    ['bytes that are not text', (_request, response) => response.end(Uint8Array.of(0xff)), 'a body that is not UTF-8'],
    [
      'a path that a Cloudly does not have',
      json(404, problemDocument({ code: 'not-found' }, issuer)),
      'no such endpoint (404 not-found)',
    ],
    [
      'a Cloudly that issues no token',
      json(201, { protocol: 1, cloudlyId: 'a', accepted: true, nodeId: 'x' }),
      '(required at nodeToken)',
    ],
    [
      'a Cloudly that refuses every message',
      json(
        400,
        problemDocument({ code: 'malformed-request', issues: [{ path: 'status.host', rule: 'required' }] }, issuer),
      ),
      '(400 malformed-request, status.host: required)',
    ],
    [
      'a Cloudly that knows every node',
      json(409, problemDocument({ code: 'node-id-taken' }, issuer)),
      'did not get 201 with a nodeToken (409 node-id-taken)',
    ],
  ])('%s', async (_what, listener, words) => {
    expect(await sentenceFor(await serve(listener), 'token-1')).toContain(words);
  });
});

/** What a Cloudly has with a join token of so many uses. */
async function startWithUses(uses: number): Promise<ConformanceOptions> {
  let store: NodeStore | undefined;
  const cloudly = await startCloudly((next, inside) => {
    ({ store } = inside);
    return next;
  });
  if (!store) throw new Error('The Cloudly has no store');
  return { ...cloudly, joinToken: (await createJoinToken(store, { uses })).joinToken };
}

describe('a join token that is used up midway', () => {
  const ranOut = `The join token ran out of uses (401 join-token-used) after 5 new nodes. A whole run takes up to ${JOIN_TOKEN_USES}`;

  test('is named, the results so far are reported, and nothing fails because of it', async () => {
    const { url, joinToken } = await startWithUses(5);
    const { code, stdout, stderr } = await run(url, '--join-token', joinToken);
    expect(code).toBe(2);
    expect(stdout).toMatch(/\n {2}not tried .+: the join token ran out of uses\n\n\d+ hold, 0 fail, \d+ not tried\n$/);
    expect(stderr).toContain(ranOut);
  });

  test('is named in the JSON too', async () => {
    const { url, joinToken } = await startWithUses(5);
    const { stdout } = await run(url, '--join-token', joinToken, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ url, fail: 0, gaveUp: expect.stringContaining(ranOut) });
  });

  test('ends the run even if requests race for its last use', async () => {
    const { url, joinToken } = await startWithUses(2);
    const { code, stdout } = await run(url, '--join-token', joinToken, '--only', 'R-8');
    expect([code, stdout]).toEqual([2, expect.stringContaining(' 0 fail,')]);
  });

  test('is not blamed if a Cloudly rejects one registration wrongly', async () => {
    const { url, joinToken, ...given } = await startCloudly((next) => async (request) => {
      const isRepeated = request.headers.get('content-length') === '262144';
      return isRepeated
        ? next(new Request(request, { headers: { 'content-type': 'application/json', authorization: 'Bearer x' } }))
        : next(request);
    });
    const sections = contract.slice(0, 1);
    const results = await runConformance({ ...given, url, joinToken, sections });
    expect(results.filter(({ verdict }) => verdict !== 'holds').map(({ name }) => name)).toEqual(['body-at-limit']);
  });
});

describe('a Cloudly that stops answering', () => {
  const startFragile = (isDown: (requestCount: number) => boolean): Promise<ConformanceOptions> =>
    startCloudly((next) => {
      let count = 0;
      return async (request) => {
        count += 1;
        // The server of these tests hangs up then.
        if (isDown(count)) throw new Error('down');
        return next(request);
      };
    });

  test('is reported once, after the rule that brought it down', async () => {
    const { url, joinToken } = await startFragile((count) => count > 20);
    const { code, stdout, stderr } = await run(url, '--join-token', joinToken);
    expect(code).toBe(1);
    expect(stdout).toMatch(/\n {2}fails .+ got no answer \(ECONNRESET\)\n\n\d+ hold, 1 fail, \d+ not tried\n$/);
    expect(stderr).toMatch(/^Cloudly stopped answering after the last rule that was tried\. [^\n]+\n$/);
  });

  test('is tried further once it is back', async () => {
    const options = await startFragile((count) => count > 20 && count < 23);
    const results = await runConformance({ ...options, sections: contract.slice(0, 2) });
    expect(results.filter(({ verdict }) => verdict === 'fails')).toHaveLength(1);
    expect(results).toHaveLength(contract.slice(0, 2).flatMap(({ rules }) => rules).length);
  });
});

test('an unusable token for one rule leaves that rule untried', async () => {
  const { tokens, ...options } = await startCloudly();
  const { usedJoinToken: approvalJoinToken = '', revokedJoinToken: countedJoinToken = '' } = tokens ?? {};
  const results = await runConformance({
    ...options,
    tokens: { approvalJoinToken, countedJoinToken },
    sections: contract.filter(({ title }) => title === 'Register' || title === 'Approval'),
  });
  const reasons = results.flatMap((result) => (result.verdict === 'not-tried' ? [result.reason] : []));
  expect(reasons.filter((reason) => !reason.startsWith('needs '))).toEqual([
    'the token of --counted-join-token admits no new node (401 join-token-revoked)',
    ...Array.from({ length: 3 }, () => 'the token of --approval-join-token admits no new node (401 join-token-used)'),
  ]);
  expect(results.filter(({ verdict }) => verdict === 'fails')).toEqual([]);
});

test('a program gets the same as an error with the results so far', async () => {
  const options = await startWithUses(5);
  const gaveUp: unknown = await runConformance(options).catch((error: unknown) => error);
  expect(gaveUp).toBeInstanceOf(GaveUp);
  expect((gaveUp as GaveUp).results.at(-1)).toMatchObject({ verdict: 'not-tried' });
});
