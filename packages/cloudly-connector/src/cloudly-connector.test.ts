import { inspect } from 'node:util';
import { endpoints } from '@serve.zone/baseos-contracts';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  heartbeatAnswer,
  heartbeatRequest,
  problemBody,
  registerAccepted,
  REGISTRATION_KEY,
  registerRequest,
} from '../test/messages.js';
import { CloudlyConnector, type CloudlyConnectorOptions } from './cloudly-connector.js';
import type { FetchLike } from './transport/fetch-like.js';

const CLOUDLY_URL = 'https://cloudly.test/fleet/';
const REGISTER_URL = `https://cloudly.test/fleet${endpoints.register.path}`;
const HEARTBEAT_URL = `https://cloudly.test/fleet${endpoints.heartbeat.path}`;

const cloudly = setupServer();
beforeAll(() => cloudly.listen({ onUnhandledFrame: 'error' }));
afterEach(() => cloudly.resetHandlers());
afterAll(() => cloudly.close());

/** Answers, and keeps the requests. */
function answering(url: string, answer: (request: Request) => Response): Request[] {
  const requests: Request[] = [];
  cloudly.use(
    http.all(url, ({ request }) => {
      requests.push(request.clone());
      return answer(request);
    }),
  );
  return requests;
}

function takingHeartbeats() {
  return answering(HEARTBEAT_URL, () => HttpResponse.json(heartbeatAnswer));
}

describe('a request', () => {
  test('to register is JSON below the base URL, with the join token as bearer', async () => {
    const requests = answering(REGISTER_URL, () => HttpResponse.json(registerAccepted, { status: 201 }));
    const connector = new CloudlyConnector({ cloudlyUrl: CLOUDLY_URL });
    expect(await connector.register(registerRequest, { joinToken: 'a-join-token' })).toEqual({
      kind: 'accepted',
      created: true,
      answer: registerAccepted,
    });
    expect(requests).toHaveLength(1);
    expect(Object.fromEntries(requests[0]?.headers ?? [])).toMatchObject({
      authorization: 'Bearer a-join-token',
      'content-type': 'application/json',
      accept: 'application/json, application/problem+json',
      'accept-encoding': 'identity',
    });
    expect(await requests[0]?.json()).toEqual(registerRequest);
  });

  test('to register without a join token has no Authorization', async () => {
    const requests = answering(REGISTER_URL, () => HttpResponse.json(registerAccepted));
    await new CloudlyConnector({ cloudlyUrl: CLOUDLY_URL }).register(registerRequest);
    expect(requests[0]?.headers.has('authorization')).toBe(false);
  });

  test('for a heartbeat has the node token as bearer, read at each call', async () => {
    const requests = takingHeartbeats();
    const connector = new CloudlyConnector({ cloudlyUrl: new URL(CLOUDLY_URL) });
    const tokens = ['first', 'second'];
    const nodeToken = () => tokens.shift() ?? '';
    await connector.heartbeat(heartbeatRequest, { nodeToken });
    await connector.heartbeat(heartbeatRequest, { nodeToken });
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer first', 'Bearer second']);
    expect(await requests[0]?.json()).toEqual(heartbeatRequest);
  });

  test('is sent once, whatever happens', async () => {
    const requests = answering(HEARTBEAT_URL, () => new HttpResponse(null, { status: 503 }));
    await new CloudlyConnector({ cloudlyUrl: CLOUDLY_URL }).heartbeat(heartbeatRequest, { nodeToken: 'a' });
    expect(requests).toHaveLength(1);
  });

  test('goes to the URL given at creation, even if the URL object changes', async () => {
    const requests = takingHeartbeats();
    const cloudlyUrl = new URL(CLOUDLY_URL);
    const connector = new CloudlyConnector({ cloudlyUrl });
    cloudlyUrl.host = 'elsewhere.test';
    await connector.heartbeat(heartbeatRequest, { nodeToken: 'a' });
    expect(requests).toHaveLength(1);
  });
});

describe('a connector', () => {
  test.each<[string, string, string]>([
    ['no URL', 'cloudly', 'absolute URL'],
    ['an empty URL', '', 'absolute URL'],
    ['a URL without a scheme', 'cloudly.test:8443', 'https://'],
    ['a URL of another scheme', 'ftp://cloudly.test', 'https://'],
    ['a URL with credentials', 'https://user:s3cret@cloudly.test', 'credentials'],
    ['an invalid URL with credentials', 'https://user:s3cret@', 'absolute URL'],
    ['port 0, which an HTTP client ignores', 'http://cloudly.test:0/s3cret', 'port 0'],
    ['a URL without slashes', 'https:s3cret.cloudly.test', 'does not begin'],
    ['a number for its host', 'http://1/s3cret', 'four decimal numbers'],
    ['an encoded host', 'https://cloudly%2etest/s3cret', 'percent sign'],
    ['a URL with a query', 'https://cloudly.test/?key=s3cret', 'query'],
    ['a URL with a fragment', 'https://cloudly.test/#s3cret', 'fragment'],
  ])('is not created with %s, and does not repeat it', (_case, cloudlyUrl, words) => {
    const error = thrownBy(() => new CloudlyConnector({ cloudlyUrl }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: expect.stringContaining(words) as string });
    expect(everythingIn(error)).not.toContain('s3cret');
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    'is not created with a deadline of %d',
    (timeoutMs) => {
      expect(() => new CloudlyConnector({ cloudlyUrl: CLOUDLY_URL, timeoutMs })).toThrow(/timeoutMs/);
    },
  );

  test('is not created with a transport that is not a function', () => {
    const options = { cloudlyUrl: CLOUDLY_URL, fetch: {} } as unknown as CloudlyConnectorOptions;
    expect(() => new CloudlyConnector(options)).toThrow(/fetch must be a function/);
  });
});

describe('a token', () => {
  const silent: FetchLike = async () => {
    throw new Error('nothing may be sent');
  };
  const connector = new CloudlyConnector({ cloudlyUrl: CLOUDLY_URL, fetch: silent });

  test.each(['', ' s3cret', 's3cret\n', 's3cret\r\nX-More: 1', 's3crèt', `s3cret${'x'.repeat(5000)}`])(
    'that cannot be sent in a header throws and is not repeated: %j',
    async (token) => {
      const attempts = [
        connector.register(registerRequest, { joinToken: token }),
        connector.heartbeat(heartbeatRequest, { nodeToken: () => token }),
      ];
      for (const attempt of attempts) {
        const error = await attempt.catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(TypeError);
        expect(error).toMatchObject({
          message: expect.stringMatching(/^(joinToken|nodeToken) cannot be sent/) as string,
        });
        expect(everythingIn(error)).not.toContain('s3cr');
      }
    },
  );

  const TOKEN = 's3cret-token';
  const repeating: [string, FetchLike][] = [
    ['a server that echoes the request', echo],
    ['a transport that throws its input', async (_url, init) => Promise.reject(new Error(JSON.stringify(init)))],
    [
      'a transport that throws its input as a code',
      async (_url, { headers }) =>
        Promise.reject(Object.assign(new Error('no'), { code: `A${headers['Authorization']}` })),
    ],
    [
      'a proxy that redirects to it',
      async (_url, { headers }) =>
        new Response(null, { status: 302, headers: { location: `https://portal.test/?${headers['Authorization']}` } }),
    ],
  ];

  test.each(repeating)('appears in no outcome and not in the connector, with %s', async (_case, fetch) => {
    const talkative = new CloudlyConnector({ cloudlyUrl: CLOUDLY_URL, fetch });
    const seen = everythingIn([
      await talkative.register(registerRequest, { joinToken: TOKEN }),
      await talkative.heartbeat(heartbeatRequest, { nodeToken: TOKEN }),
      talkative,
    ]);
    expect(seen).toContain('kind');
    expect(seen).not.toContain(TOKEN);
    expect(seen).not.toContain(REGISTRATION_KEY);
  });
});

/** Repeats the request in a problem document. */
async function echo(...[, { headers, body }]: Parameters<FetchLike>): ReturnType<FetchLike> {
  const document = JSON.parse(problemBody({ code: 'malformed-request', detail: JSON.stringify(headers) })) as object;
  return Response.json({ ...document, body }, { status: 400 });
}

function everythingIn(value: unknown): string {
  return [JSON.stringify(value), inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true })].join('\n');
}

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

describe('the check whether a Cloudly is there', () => {
  const ask = async () => new CloudlyConnector({ cloudlyUrl: CLOUDLY_URL }).presence();

  const { cloudlyId, serverTime } = heartbeatAnswer;

  test('sends a request that every Cloudly rejects before any judgement, without a token', async () => {
    const requests = answering(
      HEARTBEAT_URL,
      () => new HttpResponse(problemBody({ code: 'method-not-allowed' }), { status: 405 }),
    );
    expect(await ask()).toEqual({ kind: 'present', cloudlyId, serverTime });
    expect(requests.map(({ method, body }) => [method, body])).toEqual([['GET', null]]);
    expect(requests[0]?.headers.has('authorization')).toBe(false);
  });

  test.each([400, 401, 403, 404, 405, 501])(
    'falls back to an empty heartbeat if an intermediary answers a GET with %s',
    async (status) => {
      const requests = answering(HEARTBEAT_URL, ({ method }) =>
        method === 'GET'
          ? HttpResponse.json({ message: 'Missing Authentication Token' }, { status })
          : new HttpResponse(problemBody({ code: 'node-token-unknown' }), { status: 401 }),
      );
      expect(await ask()).toEqual({ kind: 'present', cloudlyId, serverTime });
      expect(requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
      expect(requests.map(({ headers }) => headers.has('authorization'))).toEqual([false, false]);
      expect(await requests[1]?.text()).toBe('{}');
    },
  );

  test.each<[string, () => Response, object]>([
    [
      'a captive portal',
      () => new HttpResponse('<html>', { headers: { 'content-type': 'text/html' } }),
      { kind: 'not-cloudly', reason: expect.stringContaining('HTML') as string },
    ],
    [
      'a server that accepts anybody',
      () => HttpResponse.json(heartbeatAnswer),
      { kind: 'not-cloudly', reason: expect.stringContaining('without a token') as string },
    ],
    ['a plain 401', () => new HttpResponse(null, { status: 401 }), { kind: 'not-cloudly', status: 401 }],
    [
      'a Cloudly that is busy',
      () => new HttpResponse(problemBody({ code: 'unavailable' }), { status: 503 }),
      { kind: 'unavailable', status: 503 },
    ],
  ])('does not count %s as an answer', async (_what, answer, outcome) => {
    answering(HEARTBEAT_URL, answer);
    expect(await ask()).toMatchObject(outcome);
  });
});
