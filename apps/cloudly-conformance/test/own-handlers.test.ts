import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as sendRequest } from 'node:http';
import { endpoints, limits, parseProblem } from '@serve.zone/baseos-contracts';
import { describe, expect, test, vi } from 'vitest';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { JOIN_TOKEN_USES } from '../src/run/join-token-uses.js';
import { describeResult } from '../src/command/report.js';
import { contract } from '../src/rules/contract.js';
import { runConformance } from '../src/run/run-conformance.js';
import { exampleReadme, startOwnCloudly } from './own-cloudly.js';
import { sectionsOfServers } from './sections-of-servers.js';

// A run has hundreds of requests.
vi.setConfig({ testTimeout: 300_000 });

const headers = { 'content-type': 'application/json' };

async function codeOf(response: Response): Promise<string | undefined> {
  const problem = parseProblem(await response.text());
  return problem.ok ? problem.value.code : undefined;
}

/** However it ends. */
function closed(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => void request.on('error', () => undefined).once('close', resolve));
}

describe.each(['node-http.ts', 'express.ts', 'fastify.ts'])(
  'a custom Cloudly on the contracts alone, in %s',
  (file) => {
    test('passes every rule that the server can break, and one of them the others, too', async () => {
      const sections = file === 'node-http.ts' ? contract : sectionsOfServers;
      const results = await runConformance({ ...(await startOwnCloudly(file)), sections });
      expect(results.length).toBeGreaterThan(30);
      expect(results.filter(({ verdict }) => verdict !== 'holds').map(describeResult)).toEqual([]);
    });

    test('reports an unknown endpoint in the contract’s words', async () => {
      const { url } = await startOwnCloudly(file);
      for (const request of [{}, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'a' }]) {
        const response = await fetch(`${url}/baseos/v1/nodes`, request);
        expect([response.status, await codeOf(response)]).toEqual([404, 'not-found']);
      }
    });

    test('accepts a whole URL as target, and rejects two tokens or two types', async () => {
      const { url, joinToken } = await startOwnCloudly(file);
      const body = JSON.stringify(createEmulatedNode().registration());
      const codeFor = async (path: string, repeated: Record<string, string[]>): Promise<string | undefined> => {
        const { hostname, port } = new URL(url);
        const outgoing = sendRequest({ hostname, port, path, method: 'POST', headers: { ...headers, ...repeated } });
        const [incoming] = (await once(outgoing.end(body), 'response')) as [IncomingMessage];
        return codeOf(new Response(Buffer.concat(await incoming.toArray())));
      };
      const { path } = endpoints.register;
      const good = `Bearer ${joinToken}`;
      expect(await codeFor(`http://elsewhere${path}`, {})).toBe('join-token-missing');
      expect(await codeFor(path, { authorization: [good, 'Bearer other'] })).toBe('join-token-missing');
      expect(await codeFor(path, { authorization: [good, good] })).toBe('join-token-missing');
      expect(await codeFor(path, { 'content-type': ['application/json', 'text/plain'] })).toBe(
        'unsupported-media-type',
      );
      expect(await codeFor(path, { authorization: [good] })).toBeUndefined();
    });

    test('survives bodies that are far too large, that never end, and that are cut off', async () => {
      const { url, joinToken } = await startOwnCloudly(file);
      const register = url + endpoints.register.path;

      const large = await fetch(register, { method: 'POST', headers, body: ' '.repeat(3 * limits.bodyMaxBytes) });
      expect([large.status, await codeOf(large)]).toEqual([413, 'payload-too-large']);

      const endless = sendRequest(register, { method: 'POST', headers, agent: false });
      const cutOff = closed(endless);
      const writeOn = (): void => {
        while (!endless.destroyed && endless.write(' '.repeat(65_536)));
      };
      endless.on('drain', writeOn);
      writeOn();
      await cutOff;

      const brokenOff = sendRequest(register, { method: 'POST', headers, agent: false });
      const hungUp = closed(brokenOff);
      brokenOff.write('{"protocol":1,', () => brokenOff.destroy());
      await hungUp;

      const body = JSON.stringify(createEmulatedNode().registration());
      const authorization = `Bearer ${joinToken}`;
      const good = await fetch(register, { method: 'POST', headers: { ...headers, authorization }, body });
      expect(good.status).toBe(201);
    });
  },
);

test.each(['own-handlers', 'cloudly-in-python'])(
  'the README of %s gives the kit as many uses as it takes',
  (folder) => {
    expect(exampleReadme(folder)).toContain(`--join-token "$(token 'uses=${JOIN_TOKEN_USES}')"`);
  },
);

describe('the operator of a custom Cloudly', () => {
  test('is authenticated by a token', async () => {
    const { operate } = await startOwnCloudly('node-http.ts');
    expect(JSON.parse(await operate('/nodes'))).toEqual([]);
    await expect(operate('/nodes', 'guess')).rejects.toThrow(/401/);
  });

  test('is told what cannot be done', async () => {
    const { operate } = await startOwnCloudly('node-http.ts');
    const refusals: readonly (readonly [order: string, answer: RegExp])[] = [
      ['/revoke/nobody', /400 There is no node nobody/],
      ['/rebind/nobody/1234', /400 An approval code has four groups/],
      ['/queue-command/nobody/explode', /400 A command is one of update, /],
      ['/join-token?uses=many', /400 uses must be a whole number/],
      ['/revoke-join-token/guess', /400 There is no such join token/],
      ['/restore', /400 There is no backup/],
      ['/explode', /404 There are join-token, /],
    ];
    for (const [order, answer] of refusals) await expect(operate(order)).rejects.toThrow(answer);
  });

  test('invalidates the tokens of a node, which returns with its key', async () => {
    const { url, joinToken, operate } = await startOwnCloudly('node-http.ts');
    const node = createEmulatedNode();
    const post = (endpoint: 'register' | 'heartbeat', message: object, token: string): Promise<Response> =>
      fetch(url + endpoints[endpoint].path, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${token}` },
        body: JSON.stringify(message),
      });
    const admitted = (await (await post('register', node.registration(), joinToken)).json()) as { nodeToken: string };
    await operate(`/void-tokens/${node.nodeId}`);
    expect((await post('heartbeat', node.heartbeat(), admitted.nodeToken)).status).toBe(401);
    expect((await post('register', node.registration(), 'none')).status).toBe(200);
  });

  test('restores a backup, whose join tokens no longer admit anybody', async () => {
    const { url, joinToken, operate } = await startOwnCloudly('node-http.ts');
    await operate('/back-up');
    await operate('/restore');
    const body = JSON.stringify(createEmulatedNode().registration());
    const authorization = `Bearer ${joinToken}`;
    const refused = await fetch(url + endpoints.register.path, {
      method: 'POST',
      headers: { ...headers, authorization },
      body,
    });
    expect(await codeOf(refused)).toBe('join-token-revoked');
  });
});
