import { isProblemCode, type ProblemCode, problems } from '@serve.zone/baseos-contracts';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  heartbeatAnswer,
  newerProblemBody,
  NODE_ID,
  problemBody,
  registerAccepted,
  registerPending,
} from '../../test/messages.js';
import type { ReceivedAnswer } from '../transport/received-answer.js';
import { classifyHeartbeatAnswer, classifyRegisterAnswer } from './classify-answer.js';
import type { HeartbeatOutcome, RegisterOutcome } from '../outcomes/outcome.js';

function received(
  status: number,
  body: string | object,
  headers: Partial<Omit<ReceivedAnswer, 'status' | 'body'>> = {},
): ReceivedAnswer {
  return {
    status,
    contentType: undefined,
    retryAfter: undefined,
    date: undefined,
    ...headers,
    body: { ok: true, text: typeof body === 'string' ? body : JSON.stringify(body) },
  };
}

function problem(code: ProblemCode, status: number = problems[code].status): ReceivedAnswer {
  return received(status, problemBody({ code, nodeId: NODE_ID }));
}

function unread(status: number, reason: string, retryAfter?: string): ReceivedAnswer {
  return {
    status,
    contentType: undefined,
    retryAfter,
    date: undefined,
    body: { ok: false, reason },
  };
}

function register(answer: ReceivedAnswer) {
  return classifyRegisterAnswer(answer, NODE_ID);
}

function heartbeat(answer: ReceivedAnswer, legacy = false) {
  return classifyHeartbeatAnswer(answer, legacy);
}

function htmlPage(status: number): ReceivedAnswer {
  return received(status, '<!doctype html><title>Welcome</title>', { contentType: 'text/html; charset=utf-8' });
}

describe('an answer to register', () => {
  test('accepts a new node with 201 and a known one with 200', () => {
    expect(register(received(201, registerAccepted))).toEqual({
      kind: 'accepted',
      created: true,
      answer: registerAccepted,
    });
    expect(register(received(200, registerAccepted))).toMatchObject({ kind: 'accepted', created: false });
  });

  test('tells the node with 202 to wait for approval, and how long if given', () => {
    expect(register(received(202, registerPending, { retryAfter: '30' }))).toEqual({
      kind: 'pending',
      answer: registerPending,
      retryAfterMs: 30_000,
    });
    expect(register(received(202, registerPending))).not.toHaveProperty('retryAfterMs');
  });

  test.each([200, 201, 202])('of a legacy Cloudly is accepted as such, with status %i', (status) => {
    expect(register(received(status, { nodeToken: 'a-token', more: true }))).toMatchObject({
      kind: 'accepted-legacy',
      answer: { nodeToken: 'a-token' },
    });
  });

  test('is not accepted if it is about another node than the request', () => {
    expect(register(received(200, { ...registerAccepted, nodeId: 'node-2' }))).toMatchObject({
      kind: 'not-cloudly',
      reason: expect.stringContaining('another node') as string,
    });
  });

  test('compares UUIDs in lower case', () => {
    const nodeId = '3F0A8F0E-6C0D-4D55-9D5E-0D8F6F1F7C11';
    expect(classifyRegisterAnswer(received(200, { ...registerAccepted, nodeId }), nodeId)).toMatchObject({
      kind: 'accepted',
    });
  });

  test.each([
    ['an acceptance with 202', received(202, registerAccepted)],
    ['an acceptance with 204', received(204, registerAccepted)],
    ['a rejection with 200', received(200, registerPending)],
    ['an acceptance without a token', received(200, { ...registerAccepted, nodeToken: undefined })],
    ['an acceptance of a future protocol', received(200, { ...registerAccepted, protocol: 2 })],
    ['a heartbeat answer', received(200, heartbeatAnswer)],
    ['a verdict with 200', problem('node-revoked', 200)],
    ['an empty body', received(200, '')],
    ['no object', received(200, '[]')],
  ])('is not accepted: %s', (_case, answer) => {
    expect(register(answer)).toMatchObject({ kind: 'not-cloudly', status: answer.status });
  });
});

describe('an answer to a heartbeat', () => {
  test('accepts it with 200', () => {
    expect(heartbeat(received(200, heartbeatAnswer))).toEqual({ kind: 'accepted', answer: heartbeatAnswer });
  });

  test('of a legacy Cloudly is any JSON object with 2xx, for a node that expects one', () => {
    const answer = received(202, { heartbeatIntervalMs: 10_000, anything: null });
    expect(heartbeat(answer, true)).toMatchObject({
      kind: 'accepted-legacy',
      answer: { heartbeatIntervalMs: 10_000 },
    });
    expect(heartbeat(answer)).toMatchObject({ kind: 'not-cloudly' });
  });

  test('of protocol 1 is accepted as such by a node that expects a legacy one', () => {
    expect(heartbeat(received(200, heartbeatAnswer), true)).toMatchObject({ kind: 'accepted' });
  });

  test.each([
    ['an acceptance with 201', received(201, heartbeatAnswer)],
    ['an acceptance with 202', received(202, heartbeatAnswer)],
    ['another protocol', received(200, { ...heartbeatAnswer, protocol: 2 })],
    ['not accepted', received(200, { ...heartbeatAnswer, accepted: false })],
    ['a verdict with 200', problem('node-revoked', 200)],
    ['a page', htmlPage(200)],
    ['an empty body', received(200, '')],
    ['a list', received(200, '[]')],
  ])('is not accepted, legacy or not: %s', (_case, answer) => {
    expect(heartbeat(answer)).toMatchObject({ kind: 'not-cloudly' });
    expect(heartbeat(answer, true)).toMatchObject({ kind: 'not-cloudly' });
  });
});

describe('a problem of the contract', () => {
  type Kinds = { register: string; heartbeat: string };
  const expected: Record<ProblemCode, Kinds> = {
    'malformed-request': { register: 'refused', heartbeat: 'refused' },
    'join-token-missing': { register: 'join-token-rejected', heartbeat: 'unavailable' },
    'join-token-unknown': { register: 'join-token-rejected', heartbeat: 'unavailable' },
    'join-token-expired': { register: 'join-token-rejected', heartbeat: 'unavailable' },
    'join-token-used': { register: 'join-token-rejected', heartbeat: 'unavailable' },
    'join-token-revoked': { register: 'join-token-rejected', heartbeat: 'unavailable' },
    'node-token-unknown': { register: 'unavailable', heartbeat: 'node-token-rejected' },
    'not-found': { register: 'unavailable', heartbeat: 'unavailable' },
    'method-not-allowed': { register: 'unavailable', heartbeat: 'unavailable' },
    'node-id-taken': { register: 'node-id-taken', heartbeat: 'unavailable' },
    'clone-suspected': { register: 'clone-suspected', heartbeat: 'unavailable' },
    'node-revoked': { register: 'revoked', heartbeat: 'revoked' },
    'payload-too-large': { register: 'refused', heartbeat: 'refused' },
    'unsupported-media-type': { register: 'refused', heartbeat: 'refused' },
    'unsupported-protocol': { register: 'refused', heartbeat: 'refused' },
    'rate-limited': { register: 'rate-limited', heartbeat: 'rate-limited' },
    unavailable: { register: 'unavailable', heartbeat: 'unavailable' },
  };
  const codes = Object.keys(expected).filter(isProblemCode);

  test.each(codes)('%s has the meaning of its endpoint, and the outcome carries the problem', (code) => {
    const carried = { code, nodeId: NODE_ID, cloudlyId: 'cloudly-1' };
    expect(register(problem(code))).toMatchObject({ kind: expected[code].register, problem: carried });
    expect(heartbeat(problem(code))).toMatchObject({ kind: expected[code].heartbeat, problem: carried });
  });

  test('about a join token says which one', () => {
    expect(register(problem('join-token-expired'))).toMatchObject({ code: 'join-token-expired' });
  });

  test.each(codes)('%s is no verdict with another status', (code) => {
    const status = problems[code].status === 404 ? 401 : 404;
    expect(register(problem(code, status))).toMatchObject({ kind: 'not-cloudly', status });
    expect(heartbeat(problem(code, status))).toMatchObject({ kind: 'not-cloudly', status });
  });

  test('is no revocation if it names no node', () => {
    const nameless = received(410, problemBody({ code: 'node-revoked' }));
    expect(heartbeat(nameless)).toMatchObject({ kind: 'not-cloudly' });
    expect(register(nameless)).toMatchObject({ kind: 'not-cloudly' });
  });

  test.each([
    ['without a cloudlyId', { cloudlyId: undefined }],
    ['without a protocol', { protocol: undefined }],
    ['of a future protocol', { protocol: 2 }],
    ['without a code', { code: undefined }],
  ])('is not recognised %s', (_case, changes) => {
    const document: unknown = JSON.parse(problemBody({ code: 'node-revoked', nodeId: NODE_ID }));
    const answer = received(410, { ...(document as object), ...changes });
    expect(heartbeat(answer)).toMatchObject({ kind: 'not-cloudly', status: 410 });
  });

  test.each([400, 401, 409, 410, 418, 500, 502])('of a newer Cloudly is no verdict, with status %i', (status) => {
    const answer = received(status, newerProblemBody('moon-phase', status));
    const outcome = { kind: 'unavailable', status, problem: { code: 'moon-phase' } };
    expect(register(answer)).toMatchObject(outcome);
    expect(heartbeat(answer)).toMatchObject(outcome);
  });

  test('of a newer Cloudly means a rate limit with 429', () => {
    expect(heartbeat(received(429, newerProblemBody('quota', 429)))).toMatchObject({
      kind: 'rate-limited',
      problem: { code: 'quota' },
    });
  });
});

describe('an answer without a problem of the contract', () => {
  test.each([400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 500, 502, 504])(
    'is no verdict with a bare %i',
    (status) => {
      for (const answer of [received(status, ''), htmlPage(status), received(status, { error: 'no' })]) {
        expect(register(answer)).toMatchObject({ kind: 'not-cloudly', status });
        expect(heartbeat(answer, true)).toMatchObject({ kind: 'not-cloudly', status });
      }
    },
  );

  test('means a rate limit with 429 and unavailable with 503, from any sender and even if unreadable', () => {
    expect(heartbeat(htmlPage(429))).toEqual({ kind: 'rate-limited', status: 429 });
    expect(register(received(503, '', { retryAfter: '7' }))).toEqual({
      kind: 'unavailable',
      status: 503,
      retryAfterMs: 7000,
    });
    expect(heartbeat(unread(503, 'a body that is not UTF-8', '7'))).toEqual({
      kind: 'unavailable',
      status: 503,
      retryAfterMs: 7000,
    });
  });

  test('has its Retry-After read, with a date counted from its own Date', () => {
    const answer = received(502, '', {
      retryAfter: 'Sun, 06 Nov 1994 08:50:00 GMT',
      date: 'Sun, 06 Nov 1994 08:49:37 GMT',
    });
    expect(register(answer)).toMatchObject({ kind: 'not-cloudly', retryAfterMs: 23_000 });
  });

  test.each([
    ['an HTML page', htmlPage(200), 'HTML page'],
    ['an HTML error page', htmlPage(404), 'HTML page'],
    ['a proxy that requires credentials', htmlPage(407), 'proxy'],
    ['a network that requires a login', htmlPage(511), 'login'],
    ['a body that could not be read', unread(200, 'a body that is not UTF-8'), 'UTF-8'],
    ['a redirect', unread(302, 'a redirect to https://portal.example'), 'redirect'],
    ['the place that is invalid', received(200, { ...registerAccepted, nodeToken: undefined }), 'at nodeToken'],
  ])('is described: %s', (_case, answer, words) => {
    expect(register(answer)).toMatchObject({ kind: 'not-cloudly', reason: expect.stringContaining(words) as string });
  });

  test('does not repeat a path that the server invented', () => {
    const answer = received(200, `{"${'long '.repeat(40)}":"\\u0000"}`);
    expect(register(answer)).toMatchObject({
      reason: 'status 200 with a body that does not follow the contract (safe-text at *)',
    });
  });
});

describe('any answer at all', () => {
  const header = fc.oneof(fc.constant(undefined), fc.string());
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom(...[registerAccepted, registerPending, heartbeatAnswer].map((answer) => JSON.stringify(answer))),
    fc.constantFrom(...Object.keys(problems).filter(isProblemCode)).map((code) => problemBody({ code })),
  );
  const answers: fc.Arbitrary<ReceivedAnswer> = fc.record({
    status: fc.oneof(
      fc.constantFrom(200, 201, 202, ...Object.values(problems).map(({ status }) => status)),
      fc.integer({ min: 100, max: 599 }),
      fc.double(),
    ),
    contentType: header,
    retryAfter: header,
    date: header,
    body: fc.oneof(
      body.map((text) => ({ ok: true as const, text })),
      fc.string().map((reason) => ({ ok: false as const, reason })),
    ),
  });

  /** A verdict carries a problem of the table with the table's status, and an acceptance comes with 2xx. */
  const isBacked = (outcome: RegisterOutcome | HeartbeatOutcome, status: number): boolean => {
    if ('answer' in outcome) return status >= 200 && status <= 299;
    if (!('problem' in outcome) || outcome.kind === 'unavailable' || outcome.kind === 'rate-limited') return true;
    const { code } = outcome.problem;
    return typeof code === 'string' && isProblemCode(code) && problems[code].status === status;
  };

  test('has an outcome, and a verdict only with the status in the table', () => {
    fc.assert(
      fc.property(answers, fc.boolean(), (answer, legacy) => {
        for (const outcome of [register(answer), heartbeat(answer, legacy)]) {
          expect(outcome.kind).toEqual(expect.any(String));
          expect(isBacked(outcome, answer.status)).toBe(true);
        }
      }),
    );
  });
});

describe('an unsuccessful answer', () => {
  test.each([
    ['a problem', problem('node-token-unknown')],
    ['a problem of another status', problem('node-revoked', 404)],
    ['other JSON', received(502, { error: [1, 2, 3] })],
    ['a page', htmlPage(500)],
  ])('has its body parsed once, whatever it is: %s', (_what, answer) => {
    const parse = vi.spyOn(JSON, 'parse');
    try {
      register(answer);
      heartbeat(answer);
      expect(parse).toHaveBeenCalledTimes(1);
    } finally {
      parse.mockRestore();
    }
  });
});
