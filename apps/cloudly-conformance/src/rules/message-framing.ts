import { gzipSync } from 'node:zlib';
import { type EndpointName, endpoints, limits, type RuntimeStatus } from '@serve.zone/baseos-contracts';
import { expectAdmitted, expectProblem, expectTaken, expectThat } from '../rule/expectations.js';
import type { Rule, Section } from '../rule/rule.js';
import { expectRefused, type Spoil } from '../rule/both-endpoints.js';

function refusesMediaTypes(name: string, cites: Rule['cites'], rule: string, cases: Record<string, Spoil>): Rule {
  return {
    name,
    cites,
    rule,
    run: async (context) => {
      for (const [what, spoil] of Object.entries(cases)) {
        await expectRefused(context, 'unsupported-media-type', what, spoil);
      }
    },
  };
}

function typed(contentType: string | undefined): Spoil {
  return (json) => ({ body: json, headers: { 'content-type': contentType } });
}

function padded(json: string, byteCount: number): string {
  return json.padEnd(byteCount - Buffer.byteLength(json) + json.length);
}

function oneTooLarge(framing: 'length' | 'chunked'): Spoil {
  return (json) => ({ body: padded(json, limits.bodyMaxBytes + 1), framing });
}

/** The status with a member that brings its JSON to this size; no string of it is long. */
function statusOfSize(status: RuntimeStatus, byteCount: number): object {
  const missingBytes = byteCount - Buffer.byteLength(JSON.stringify({ ...status, padding: [''] }));
  // Each line takes two quotes and a comma more.
  const lines = Array.from({ length: Math.floor(missingBytes / PADDING_LINE_BYTES) }, () =>
    'x'.repeat(PADDING_LINE_BYTES - 3),
  );
  return { ...status, padding: [...lines, 'x'.repeat(missingBytes % PADDING_LINE_BYTES)] };
}

const PADDING_LINE_BYTES = 1000;

export const messageFraming: Section = {
  title: 'Messages on the wire',
  rules: [
    {
      name: 'json-with-charset',
      cites: ['F-4'],
      rule: 'application/json is accepted in upper and lower case, with or without charset=utf-8',
      run: async ({ resident, send }) => {
        const { nodeToken, heartbeat } = await resident();
        for (const contentType of [
          'application/json',
          'application/json; charset=utf-8',
          'Application/JSON;charset="UTF-8"',
        ]) {
          const body = JSON.stringify(heartbeat());
          const headers = { 'content-type': contentType };
          const answer = await send({ endpoint: 'heartbeat', credential: nodeToken, body, headers });
          expectTaken(answer, `with content-type ${contentType}`);
        }
      },
    },
    {
      name: 'chunked-body',
      cites: ['F-6'],
      rule: 'a body may be chunked',
      run: async ({ resident, send }) => {
        const { nodeToken, fullHeartbeat } = await resident();
        const body = JSON.stringify(fullHeartbeat());
        expectTaken(await send({ endpoint: 'heartbeat', credential: nodeToken, body, framing: 'chunked' }));
      },
    },
    refusesMediaTypes('other-media-type', ['F-4'], 'a body of any other type is answered 415 unsupported-media-type', {
      'no content type': typed(undefined),
      'text/plain': typed('text/plain'),
      'a form': typed('application/x-www-form-urlencoded'),
      'another charset': typed('application/json; charset=iso-8859-1'),
    }),
    refusesMediaTypes(
      'compressed-body',
      ['F-5'],
      'a body with a Content-Encoding is answered 415 unsupported-media-type',
      {
        gzip: (json) => ({ body: gzipSync(json), headers: { 'content-encoding': 'gzip' } }),
        'an unknown coding': (json) => ({ body: json, headers: { 'content-encoding': 'x-conformance' } }),
        'the coding identity': (json) => ({ body: json, headers: { 'content-encoding': 'identity' } }),
      },
    ),
    {
      name: 'body-at-limit',
      cites: ['F-7'],
      rule: `a body of ${limits.bodyMaxBytes} bytes passes`,
      run: async ({ newNode, send, resident, joinToken }) => {
        const registration = padded(JSON.stringify(newNode().registration()), limits.bodyMaxBytes);
        const answer = await send({ endpoint: 'register', credential: joinToken, body: registration });
        expectAdmitted(answer, 201, 'to a registration');
        const { nodeToken, heartbeat } = await resident();
        const body = padded(JSON.stringify(heartbeat()), limits.bodyMaxBytes);
        expectTaken(await send({ endpoint: 'heartbeat', credential: nodeToken, body }), 'to a heartbeat');
      },
    },
    {
      name: 'body-too-large',
      cites: ['F-7'],
      rule: 'a larger body with a Content-Length is answered 413 payload-too-large',
      run: (context) => expectRefused(context, 'payload-too-large', 'one byte too many', oneTooLarge('length')),
    },
    {
      name: 'chunked-body-too-large',
      cites: ['F-7'],
      rule: 'a larger chunked body is answered 413 payload-too-large',
      run: (context) => expectRefused(context, 'payload-too-large', 'one byte too many', oneTooLarge('chunked')),
    },
    {
      name: 'status-at-limit',
      cites: ['J-9'],
      rule: `a status of ${limits.statusMaxBytes} bytes passes`,
      run: async ({ resident, heartbeat }) => {
        const node = await resident();
        const status = statusOfSize(node.registration().status, limits.statusMaxBytes);
        expectTaken(await heartbeat(node.fullHeartbeat({ status }), node.nodeToken));
      },
    },
    {
      name: 'status-too-large',
      cites: ['J-9'],
      rule: 'a larger status is answered 413 payload-too-large',
      run: async ({ newNode, register, joinToken, resident, heartbeat }) => {
        const node = await resident();
        const status = statusOfSize(node.registration().status, limits.statusMaxBytes + 1);
        expectProblem(
          await register(newNode().registration({ status }), joinToken),
          'payload-too-large',
          'to a registration',
        );
        expectProblem(
          await heartbeat(node.fullHeartbeat({ status }), node.nodeToken),
          'payload-too-large',
          'to a heartbeat',
        );
      },
    },
    {
      name: 'bearer-in-any-case',
      cites: ['K-1'],
      rule: 'the word Bearer may be in any case, and one or more spaces follow it',
      run: async ({ resident, send }) => {
        const { nodeToken, heartbeat } = await resident();
        for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
          const body = JSON.stringify(heartbeat());
          const headers = { authorization: `${scheme} ${nodeToken}` };
          expectTaken(await send({ endpoint: 'heartbeat', body, headers }), `with the scheme ${scheme}`);
        }
      },
    },
    {
      name: 'other-scheme',
      cites: ['K-2'],
      rule: 'a credential with another scheme than Bearer, or with more than one word, does not count',
      run: async ({ newNode, send, resident, joinToken }) => {
        const { nodeToken, heartbeat } = await resident();
        const headers: Record<string, (token: string) => string> = {
          'the scheme Basic': (token) => `Basic ${token}`,
          'no scheme': (token) => token,
          'two tokens': (token) => `Bearer ${token} ${token}`,
        };
        for (const [what, write] of Object.entries(headers)) {
          const registration = await send({
            endpoint: 'register',
            body: JSON.stringify(newNode().registration()),
            headers: { authorization: write(joinToken) },
          });
          expectProblem(registration, 'join-token-missing', `to a registration with ${what}`);
          const answer = await send({
            endpoint: 'heartbeat',
            body: JSON.stringify(heartbeat()),
            headers: { authorization: write(nodeToken) },
          });
          expectProblem(answer, 'node-token-unknown', `to a heartbeat with ${what}`);
        }
      },
    },
    {
      name: 'other-methods',
      cites: ['F-2'],
      rule: 'any method other than POST is answered 405 method-not-allowed',
      run: async ({ send, resident, joinToken }) => {
        const { nodeToken } = await resident();
        const credentials: Record<EndpointName, string> = { register: joinToken, heartbeat: nodeToken };
        for (const endpoint of Object.keys(endpoints) as EndpointName[]) {
          for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
            const answer = await send({ endpoint, method, credential: credentials[endpoint] });
            expectProblem(answer, 'method-not-allowed', `to ${method} ${endpoints[endpoint].path}`);
            const { allow = '' } = answer.headers;
            expectThat(/\bPOST\b/.test(allow), 'the header Allow: POST', allow === '' ? 'none' : 'another one');
          }
        }
      },
    },
    {
      name: 'presence',
      cites: ['F-2'],
      rule: 'a GET without a token is also answered 405: devices use it to check whether a Cloudly is there',
      run: async ({ send }) => {
        for (const endpoint of Object.keys(endpoints) as EndpointName[]) {
          const answer = await send({ endpoint, method: 'GET' });
          expectProblem(answer, 'method-not-allowed', `to GET ${endpoints[endpoint].path} without a token`);
        }
      },
    },
  ],
};
