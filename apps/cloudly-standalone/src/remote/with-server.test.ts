import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createMemoryStore, type Role } from '@serve.zone/baseos-cloudly-handlers';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { onTestFinished, expect, test } from 'vitest';
import { runCommandIn } from '../../test/run-command.js';
import { startApi, TOKEN } from '../../test/start-api.js';
import { isSkipped, makeCertificate, unlessInstalled } from '@serve.zone/baseos-testing/network/certificate';

function listNodes(server: string, token = TOKEN) {
  return runCommandIn({ CLOUDLY_TOKEN: token }, 'node', 'list', '--server', server);
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function answering(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

function startAs(role: Role): Promise<string> {
  return startApi(createMemoryStore(), { actor: 'token:test', role });
}

test('a fleet on a server is read', async () => {
  const nothing = { exitCode: 0, stdout: '', stderr: 'There are no nodes. `join-token create` admits some.\n' };
  expect(await listNodes(await startAs('view'))).toEqual(nothing);
});

test('a token that the server does not know is refused', async () => {
  const server = await startAs('view');
  expect(await listNodes(server, 'bot_another')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr:
      `cloudly-standalone: The server at ${server} does not accept the token. It may be mistyped, expired or revoked, or be of ` +
      'another server. An admin makes a new one with `operator token create`.\n',
  });
});

test('a role that is not enough is told', async () => {
  const ran = await runCommandIn({ CLOUDLY_TOKEN: TOKEN }, 'join-token', 'list', '--server', await startAs('view'));
  expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('You need the role operate') });
});

test('a server that does not run is named', async () => {
  const server = createServer();
  const url = `http://127.0.0.1:${await listen(server)}`;
  await new Promise((resolve) => server.close(resolve));
  expect((await listNodes(url)).stderr).toContain(
    `${url} cannot be reached: nothing listens there. Check the address, and that the server is running.`,
  );
  expect((await listNodes('https://cloudly.invalid')).stderr).toContain('cannot be reached: the DNS lookup failed.');
});

test('a connection that ends before the answer is told', async () => {
  const url = await answering((request) => request.socket.destroy());
  expect((await listNodes(url)).stderr).toContain(`${url} cannot be reached: the connection was closed.`);
});

test.skipIf(isSkipped)(`a certificate that is not trusted is told${unlessInstalled}`, async () => {
  const { certPath, keyPath } = makeCertificate(temporaryFolder());
  const port = await listen(createTlsServer({ cert: readFileSync(certPath), key: readFileSync(keyPath) }));
  expect((await listNodes(`https://127.0.0.1:${port}`)).stderr).toMatch(
    /The certificate of https:\S+ is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)\. .* name the authority's certificate in NODE_EXTRA_CA_CERTS\./,
  );
});

test('a server without TLS is told from one that is away', async () => {
  const url = await answering((_request, response) => response.end());
  expect((await listNodes(url.replace('http:', 'https:'))).stderr).toContain('does not speak TLS there');
});

test.each<[string, RequestListener]>([
  ['a website', (_request, response) => response.end('<!doctype html>')],
  ['a proxy', (_request, response) => response.writeHead(502).end('Bad gateway')],
  ['another API', (_request, response) => response.writeHead(404).end('{"error":"not found"}')],
  [
    'one that sends the client elsewhere',
    (_request, response) => response.writeHead(302, { location: '/sign-in' }).end(),
  ],
])('%s is no Cloudly', async (_what, listener) => {
  const url = await answering(listener);
  const { exitCode, stderr } = await listNodes(url);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${url} is no Cloudly with an API for operators`)]);
});

test.each([
  ['not-found', 404, 'does not know this call: it is older than this program.'],
  ['malformed-request', 400, 'does not understand this call: it is of another version than this program.'],
])('a server of another version, which answers %s, is told', async (code, status, told) => {
  const url = await answering((_request, response) =>
    response.writeHead(status).end(JSON.stringify({ code, detail: 'x', remedy: 'y' })),
  );
  expect((await listNodes(url)).stderr).toContain(told);
});

test('a server that is busy says so itself', async () => {
  const problem = { code: 'unavailable', detail: 'The fleet cannot answer at present', remedy: 'Retry later.' };
  const url = await answering((_request, response) => response.writeHead(503).end(JSON.stringify(problem)));
  expect((await listNodes(url)).stderr).toContain('The fleet cannot answer at present. Retry later.');
});
