import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endpoints, limits, parseProblem } from '@serve.zone/baseos-contracts';
import { describe, expect, test, vi } from 'vitest';
import { debianPython, hasJsonschema, unlessJsonschema } from '../../../test/debian-python.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { describeResult } from '../src/command/report.js';
import { runConformance } from '../src/run/run-conformance.js';
import { startPythonCloudly } from './own-cloudly.js';

// A run has hundreds of requests.
vi.setConfig({ testTimeout: 300_000 });

/** What a server answers until it closes the connection. */
function exchangeUntilClosed(url: string, sent: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answers = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(sent));
    socket.setEncoding('utf8');
    socket.on('data', (piece: string) => (answers += piece));
    socket.on('error', reject);
    socket.on('close', () => resolve(answers));
  });
}

describe.skipIf(!hasJsonschema && !process.env['CI'])(`a Cloudly in Python${unlessJsonschema}`, () => {
  test('passes every rule', async () => {
    const results = await runConformance(await startPythonCloudly());
    expect(results.length).toBeGreaterThan(90);
    expect(results.filter(({ verdict }) => verdict !== 'holds').map(describeResult)).toEqual([]);
  });

  test('agrees with the test vectors', async () => {
    const folder = fileURLToPath(new URL('../../../examples/cloudly-in-python/', import.meta.url));
    const { stderr } = await promisify(execFile)(debianPython, ['-B', '-m', 'unittest', 'discover', 'test'], {
      cwd: folder,
    });
    expect(stderr).toMatch(/Ran \d+ tests[^]*\nOK\n$/);
  });

  test('answers a request without a token before the body, and survives a body that is far too large', async () => {
    const { url, joinToken } = await startPythonCloudly();
    const post = async (path: string, body: string, token?: string): Promise<[status: number, code?: string]> => {
      const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
      const response = await fetch(url + path, { method: 'POST', headers, body });
      const problem = parseProblem(await response.text());
      return problem.ok ? [response.status, problem.value.code] : [response.status];
    };
    const large = ' '.repeat(3 * limits.bodyMaxBytes);
    expect(await post(endpoints.heartbeat.path, large)).toEqual([401, 'node-token-unknown']);
    expect(await post(endpoints.register.path, large)).toEqual([413, 'payload-too-large']);
    const registration = JSON.stringify(createEmulatedNode().registration());
    expect(await post(endpoints.register.path, registration, joinToken)).toEqual([201]);
  });

  test.each([
    ['two lengths', 'Content-Length: 0\r\nContent-Length: 34'],
    ['a length and chunks', 'Transfer-Encoding: chunked\r\nContent-Length: 34'],
    ['two codings', 'Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked'],
    ['a name with a space', 'Transfer-Encoding : chunked'],
    ['a line that is not a header', 'Nonsense\r\nContent-Length: 34'],
  ])('takes no body for the next request: %s', async (_framing, framing) => {
    const { url } = await startPythonCloudly();
    for (const path of Object.values(endpoints).map((endpoint) => endpoint.path)) {
      const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`;
      const answers = await exchangeUntilClosed(url, `${head}GET /baseos/v1/ HTTP/1.1\r\nHost: a\r\n\r\n`);
      expect(answers.match(/HTTP\/1\.1 \d+/g)).toHaveLength(1);
    }
  });

  test('accepts a body in one-byte chunks, whatever the case of the word chunked', async () => {
    const { url } = await startPythonCloudly();
    const registration = JSON.stringify(createEmulatedNode().registration());
    const chunks = Array.from(registration, (byte) => `1;a="b"\r\n${byte}\r\n`).join('');
    const head = `POST ${endpoints.register.path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json`;
    const request = `${head}\r\nTransfer-Encoding: Chunked\r\n\r\n${chunks}0\r\nA-Trailer: a\r\n\r\n`;
    expect(await exchangeUntilClosed(url, request)).toMatch(/^HTTP\/1\.1 401 [^]*join-token-missing/);
  });

  test('tells its operator what cannot be done', async () => {
    const { operate } = await startPythonCloudly();
    const refusals: readonly (readonly [order: string, answer: RegExp])[] = [
      ['/revoke/nobody', /400 There is no node nobody/],
      ['/revoke', /400 This is asked for by \/revoke\/\{node_id\}/],
      ['/join-token?uses=many', /400 uses must be a whole number/],
      ['/join-token?use=1', /400 This is asked for by \/join-token\?uses=/],
      ['/rebind/nobody/1234', /400 This is no approval code/],
      ['/restore', /400 There is no backup/],
      ['/explode', /404 There are join-token, /],
    ];
    for (const [order, answer] of refusals) await expect(operate(order)).rejects.toThrow(answer);
  });

  test('ignores an operator without the token', async () => {
    const { operate } = await startPythonCloudly();
    expect(JSON.parse(await operate('/nodes'))).toEqual([]);
    await expect(operate('/nodes', 'guess')).rejects.toThrow(/401/);
  });
});
