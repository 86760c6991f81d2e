import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isProblemCode,
  limits,
  parseHeartbeatAnswer,
  parseProblem,
  parseLegacyHeartbeatAnswer,
  parseLegacyRegisterAnswer,
  parseRegisterAnswer,
  parseWakeAnswer,
  problemDocument,
  problems,
} from '../index.js';

function example(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../../examples/${name}.json`, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;
}

function heartbeatAnswer(changes: Record<string, unknown>) {
  return parseHeartbeatAnswer(JSON.stringify({ ...example('heartbeat-answer'), ...changes }));
}

describe('an answer to register', () => {
  test('is accepted or pending', () => {
    expect(parseRegisterAnswer(JSON.stringify(example('register-accepted')))).toMatchObject({
      value: { accepted: true },
    });
    expect(parseRegisterAnswer(JSON.stringify(example('register-pending')))).toMatchObject({
      value: { accepted: false, reason: 'pending-approval' },
    });
  });

  test.each([
    ['without a node token', { nodeToken: undefined }],
    ['with a node token that fits no header', { nodeToken: 'a\nb' }],
    ['without its cloudlyId', { cloudlyId: undefined }],
    ['without a protocol', { protocol: undefined }],
    ['of a future protocol', { protocol: 2 }],
  ])('is invalid %s', (_case, changes) => {
    const body = JSON.stringify({ ...example('register-accepted'), ...changes });
    expect(parseRegisterAnswer(body).ok).toBe(false);
  });

  test.each(['register-accepted', 'register-pending'])('is valid even if its time cannot be parsed: %s', (name) => {
    expect(parseRegisterAnswer(JSON.stringify({ ...example(name), serverTime: 'noon' })).ok).toBe(true);
  });

  test('of a legacy Cloudly has a node token and no protocol', () => {
    expect(parseLegacyRegisterAnswer('{"nodeToken":"t","more":1}')).toMatchObject({ value: { nodeToken: 't' } });
    expect(parseLegacyRegisterAnswer('{"nodeToken":"t","protocol":1}').ok).toBe(false);
    expect(parseLegacyRegisterAnswer('{}').ok).toBe(false);
  });
});

describe('an answer to a heartbeat', () => {
  test('drops an optional member that is invalid, and is used without it', () => {
    const parsed = heartbeatAnswer({
      heartbeatIntervalMs: 'soon',
      sendFullStatus: 1,
      nextNodeToken: '',
      cloneSuspected: 'no',
      desiredState: 7,
    });
    expect(parsed.ok && parsed.value).toMatchObject({ accepted: true });
    expect(parsed.ok && parsed.value.heartbeatIntervalMs).toBeUndefined();
    expect(parsed.ok && parsed.value.nextNodeToken).toBeUndefined();
    expect(parsed.ok && parsed.value.desiredState).toBeUndefined();
  });

  test.each([
    [1, limits.heartbeatIntervalMinMs],
    [60_000.4, 60_000],
    [1e12, limits.heartbeatIntervalMaxMs],
  ])('keeps the node’s interval within the limits: %d -> %d', (given, used) => {
    expect(heartbeatAnswer({ heartbeatIntervalMs: given })).toMatchObject({ value: { heartbeatIntervalMs: used } });
  });

  test.each([
    ['2026-11-23T12:00:00Z', '2026-11-23T12:00:00Z'],
    ['2026-11-23T12:00:00.1234567890Z', '2026-11-23T12:00:00.1234567890Z'],
    ['2026-11-23t12:00:00.5z', '2026-11-23T12:00:00.5Z'],
    ['2026-11-23T12:00:00+00:00', '2026-11-23T12:00:00.000Z'],
    ['2026-11-23T12:00:00.25-03:30', '2026-11-23T15:30:00.250Z'],
    ['2026-12-31T23:59:60Z', '2027-01-01T00:00:00.000Z'],
    ['2027-01-01T00:59:60.75+01:00', '2027-01-01T00:00:00.000Z'],
  ])('gives its time in any form of RFC 3339, which is parsed as UTC: %s', (given, read) => {
    expect(heartbeatAnswer({ serverTime: given })).toMatchObject({ value: { serverTime: read } });
    expect(Date.parse(read)).not.toBeNaN();
  });

  test('gives one instant, whatever the offset', () => {
    const twoDigits = (value: number) => String(value).padStart(2, '0');
    const instants = fc.date({ min: new Date('1970-01-02'), max: new Date('9998-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, fc.integer({ min: -1439, max: 1439 }), (date, offsetMinutes) => {
        const [hours, minutes] = [Math.trunc(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
        const offset = `${offsetMinutes < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(minutes)}`;
        const local = new Date(date.getTime() + offsetMinutes * 60_000).toISOString().replace('Z', offset);
        const serverTime = date.toISOString();
        expect(heartbeatAnswer({ serverTime: local })).toMatchObject({ value: { serverTime } });
      }),
    );
  });

  test.each([
    undefined,
    5,
    '',
    'noon',
    '2026-11-23',
    '2026-11-23T12:00:00',
    '2026-11-32T12:00:00Z',
    '2026-11-23T12:00:61Z',
  ])('is valid whatever its time says: %j', (serverTime) => {
    const parsed = heartbeatAnswer({ serverTime, sendFullStatus: true });
    expect(parsed.ok && parsed.value).toMatchObject({ accepted: true, sendFullStatus: true });
    expect(parsed.ok && parsed.value.serverTime).toBeUndefined();
  });

  test('drops only the command that cannot be parsed, and keeps one of an unknown kind', () => {
    const command = example('command');
    const commands = [
      { ...command, id: 'x' },
      { ...command, kind: 'sing' },
      { ...command, expiresInMs: -1 },
      { ...command, timeoutMs: 0 },
      { ...command, soakMs: -1 },
      { ...command, commit: '' },
      { ...command, force: 'yes' },
      { ...command, of: {} },
      { ...command, of: { kind: 'update', timeoutMs: 'long' } },
    ];
    expect(heartbeatAnswer({ desiredState: { commands } })).toMatchObject({
      value: { desiredState: { commands: [{ kind: 'sing' }] } },
    });
  });

  test('of a legacy Cloudly is any object without protocol', () => {
    expect(parseLegacyHeartbeatAnswer('{"desiredState":{"settings":{"logLevel":"debug"}}}')).toMatchObject({
      value: { desiredState: { settings: { logLevel: 'debug' } } },
    });
    for (const body of ['[]', '"ok"', 'null', '<html>', '{"protocol":1}']) {
      expect(parseLegacyHeartbeatAnswer(body).ok).toBe(false);
    }
  });
});

describe('an offer to be woken', () => {
  test.each([
    [50_000, 50_000],
    [1, limits.wakeWaitMinMs],
    [60_000.4, 60_000],
    [1e12, limits.wakeWaitMaxMs],
  ])('keeps the wait within the limits: %d -> %d', (given, used) => {
    expect(heartbeatAnswer({ wake: { waitMs: given } })).toMatchObject({ value: { wake: { waitMs: used } } });
  });

  test.each([true, {}, { waitMs: 'long' }, { waitMs: null }, [], null])('counts as absent if it is %j', (wake) => {
    const parsed = heartbeatAnswer({ wake });
    expect(parsed.ok && parsed.value).toMatchObject({ accepted: true });
    expect(parsed.ok && parsed.value.wake).toBeUndefined();
  });
});

describe('the answer to a request that waited', () => {
  test.each(['wake-answer', 'wake-answer.time-over'])('says whether to send a heartbeat: %s', (name) => {
    expect(parseWakeAnswer(JSON.stringify({ ...example(name), more: 1 }))).toMatchObject({
      value: { wake: name === 'wake-answer' },
    });
  });

  test.each([
    ['without its word', { wake: undefined }],
    ['with another word', { wake: 'yes' }],
    ['without its cloudlyId', { cloudlyId: undefined }],
    ['without a protocol', { protocol: undefined }],
    ['of a future protocol', { protocol: 2 }],
  ])('is invalid %s', (_case, changes) => {
    expect(parseWakeAnswer(JSON.stringify({ ...example('wake-answer'), ...changes })).ok).toBe(false);
  });
});

describe('a problem', () => {
  test.each(Object.keys(problems).filter(isProblemCode))('%s: is parsed as written', (code) => {
    const document = problemDocument(
      { code, detail: 'why' },
      { cloudlyId: 'cloudly-1', serverTime: '2026-11-23T16:00:00Z' },
    );
    expect(parseProblem(JSON.stringify(document))).toEqual({ ok: true, value: document });
    expect(document.status).toBe(problems[code].status);
    expect(problems[code].remedy).toMatch(/\.$/);
  });

  test('may have a code of a newer Cloudly', () => {
    const document = { ...example('problem'), code: 'node-on-holiday' };
    expect(parseProblem(JSON.stringify(document))).toMatchObject({ value: { code: 'node-on-holiday' } });
    expect(isProblemCode('node-on-holiday')).toBe(false);
    expect(isProblemCode('toString')).toBe(false);
  });

  test('is not one without the contract members: a proxy’s problem document says nothing about a node', () => {
    expect(parseProblem('{"type":"about:blank","title":"Gone","status":410}').ok).toBe(false);
  });
});

test('any text parses to an answer or a list of issues, never an exception', () => {
  const parsers = [parseRegisterAnswer, parseHeartbeatAnswer, parseWakeAnswer, parseProblem, parseLegacyRegisterAnswer];
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (body) => {
      for (const parse of parsers) expect(parse(body).ok).toBe(false);
    }),
  );
});
