import { once } from 'node:events';
import { Agent, request as sendRequest } from 'node:http';
import { connect } from 'node:net';
import process from 'node:process';
import { endpoints, limits, parseProblem } from '@serve.zone/baseos-contracts';
import {
  malformed,
  type RefusedBody,
  refusedBodies,
  tooLarge,
} from '@serve.zone/baseos-testing/network/refused-bodies';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createEmulatedNode } from './emulated-node.js';
import { examplePrograms, isInstalled, type RunningProgram, startProgram } from './example-program.js';

const installCommand = 'npx -y pnpm@12.21.0 run test:tools';

const attacks: readonly RefusedBody[] = [
  ...refusedBodies,
  { name: 'no protocol', body: '{}', refusal: [422, 'unsupported-protocol'] },
  {
    name: 'a body that is too large and comes in pieces',
    body: ' '.repeat(3 * limits.bodyMaxBytes),
    headers: { 'transfer-encoding': 'chunked' },
    refusal: tooLarge,
  },
];

interface RawAnswer {
  status: number;
  text: string;
}

/** Sends just these bytes, as no web-standard client would. */
function send(
  url: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  agent?: Agent,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const length = 'transfer-encoding' in headers ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = sendRequest(url, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', ...length, ...headers },
    });
    outgoing.on('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (piece: string) => (text += piece));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function refusalIn({ status, text }: RawAnswer): unknown {
  const problem = parseProblem(text);
  return [status, problem.ok ? problem.value.code : text];
}

const runnable = examplePrograms.filter(isInstalled);
const missing = examplePrograms.filter((program) => !isInstalled(program));

test.skipIf(!process.env['CI']).for(missing)(`$name is installed (needs ${installCommand})`, (program) => {
  expect(isInstalled(program), `${program.runtime} is not here: ${installCommand}`).toBe(true);
});

describe.for(runnable)('the handlers in $name', (program) => {
  let running: RunningProgram;

  beforeAll(async () => {
    running = await startProgram(program);
  }, 180_000);
  afterAll(() => running.stop());

  test('let a node register and send heartbeats', async () => {
    const node = createEmulatedNode(running.url);
    const registered = await node.register(running.joinToken);
    expect(registered).toMatchObject({ kind: 'accepted', created: true });
    const nodeToken = registered.kind === 'accepted' ? registered.answer.nodeToken : '';
    for (let count = 0; count < 2; count += 1) {
      expect(await node.heartbeat(nodeToken)).toMatchObject({ kind: 'accepted' });
    }
    expect(await node.heartbeat('guess')).toMatchObject({ kind: 'node-token-rejected' });
  });

  test.for(attacks)('reject $name', async ({ body, headers, refusal }) => {
    expect(refusalIn(await send(running.url + endpoints.register.path, body, headers))).toEqual(refusal);
  });

  test('accept a message as large as the contract allows', async () => {
    const node = createEmulatedNode(running.url);
    const padded = JSON.stringify(node.registration).padEnd(limits.bodyMaxBytes);
    const headers = { authorization: `Bearer ${running.joinToken}` };
    expect((await send(running.url + endpoints.register.path, padded, headers)).status).toBe(201);
  });

  test('answer one rejected body after the other on the same connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    for (const [path, bytes, refusal] of [
      [endpoints.heartbeat.path, limits.bodyMaxBytes, [401, 'node-token-unknown']],
      [endpoints.register.path, 2 * limits.bodyMaxBytes, [413, 'payload-too-large']],
      [endpoints.register.path, 1, malformed],
    ] as const) {
      expect(refusalIn(await send(running.url + path, ' '.repeat(bytes), {}, agent))).toEqual(refusal);
    }
  });

  test.for([
    ['in a body', 'Content-Length: 9\r\n\r\n{'],
    ['before a body', 'Content-Length: 9\r\n\r\n'],
    ['in a piece', 'Transfer-Encoding: chunked\r\n\r\n9\r\n{'],
    ['after a piece', 'Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n'],
    ['in the head', 'Content-Length:'],
  ])('survive a client that hangs up %s', async ([, rest]) => {
    const { hostname, port, pathname } = new URL(running.url);
    for (const { path } of Object.values(endpoints)) {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      const head = `POST ${pathname.replace(/\/$/, '')}${path} HTTP/1.1\r\nHost: cloudly\r\nContent-Type: application/json\r\n`;
      await new Promise<void>((resolve) => void socket.write(head + rest, () => resolve()));
      socket.resetAndDestroy();
    }
    const node = createEmulatedNode(running.url);
    expect(await node.register(running.joinToken)).toMatchObject({ kind: 'accepted' });
  });

  test('know the address of a client, and tell it to retry later', async () => {
    const own = await startProgram(program);
    onTestFinished(own.stop);
    const guess = async (headers?: Record<string, string>): Promise<unknown> =>
      refusalIn(await send(own.url + endpoints.heartbeat.path, '{}', headers));
    for (let count = 0; count < 120; count += 1) expect(await guess()).toEqual([401, 'node-token-unknown']);
    expect(await guess()).toEqual([429, 'rate-limited']);
    // Who is no proxy of theirs cannot choose an address.
    const asAnother = await guess({ 'x-forwarded-for': '203.0.113.7' });
    expect(asAnother).toEqual(program.trustsProxy ? [401, 'node-token-unknown'] : [429, 'rate-limited']);
  });
});

describe.for(runnable.filter(({ hasRoutes }) => hasRoutes))('$name', (program) => {
  test('keeps all other requests to itself, including its parser', async () => {
    const { origin, url, stop } = await startProgram(program);
    onTestFinished(stop);
    expect(await send(`${origin}/echo`, '{"a":1}')).toEqual({ status: 200, text: '{"a":1}' });
    for (const [path, body, status] of [
      [`${origin}/echo`, '{"a":', 400],
      [`${url}/baseos/v1/nodes`, '{}', 404],
    ] as const) {
      const answer = await send(path, body);
      expect([answer.status, parseProblem(answer.text).ok]).toEqual([status, false]);
    }
  });
});
