import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  limits,
  parseHeartbeatRequest,
  parseLegacyHeartbeatRequest,
  parseLegacyRegisterRequest,
  parseRegisterRequest,
  type ParsedRequest,
} from '../index.js';

function example(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../../examples/${name}.json`, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;
}

function register(changes: Record<string, unknown> = {}) {
  return parseRegisterRequest(JSON.stringify({ ...example('register-request'), ...changes }));
}

function heartbeat(changes: Record<string, unknown> = {}) {
  return parseHeartbeatRequest(JSON.stringify({ ...example('heartbeat-request'), ...changes }));
}

function problemOf(parsed: ParsedRequest<unknown>) {
  return parsed.ok ? undefined : parsed.problem;
}

function issuesOf(parsed: ParsedRequest<unknown>) {
  return problemOf(parsed)?.issues;
}

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { inner: nested(depth - 1) };
}

describe('a request', () => {
  test('is parsed as it was sent', () => {
    expect(register()).toEqual({ ok: true, value: example('register-request') });
    expect(heartbeat()).toEqual({ ok: true, value: example('heartbeat-request') });
  });

  test('may carry unknown keys anywhere', () => {
    const status = { ...(example('runtime-status') as object), newFact: { since: 2027 } };
    const parsed = heartbeat({ status, newMember: [1, 2] });
    expect(parsed).toMatchObject({ ok: true, value: { status: { newFact: { since: 2027 } }, newMember: [1, 2] } });
  });

  test('may use unknown words', () => {
    const runtimeStatus = example('runtime-status');
    expect(
      heartbeat({
        status: { ...runtimeStatus, supervisor: { state: 'hibernating', reason: 'cold' }, acceptedCommands: ['sing'] },
      }),
    ).toMatchObject({
      ok: true,
      value: { status: { supervisor: { state: 'hibernating' }, acceptedCommands: ['sing'] } },
    });
  });

  test('compares UUIDs in lower case and other node IDs as they are', () => {
    expect(register({ nodeId: '3F6C1F0E-6B0A-4F0E-9A44-1F3F0A7A2B10' })).toMatchObject({
      value: { nodeId: '3f6c1f0e-6b0a-4f0e-9a44-1f3f0a7a2b10' },
    });
    expect(register({ nodeId: 'Till-7.shop_A' })).toMatchObject({ value: { nodeId: 'Till-7.shop_A' } });
  });

  test.each([
    ['hostUptimeMs', 1.5],
    ['memoryAvailableBytes', -1],
    ['load1', -0.1],
    ['storageFreeBytes', 2 ** 64],
    ['cpuTemperatureCelsius', '48'],
    ['clockSkewMs', 0.5],
    ['downloadProgressPercent', 101],
    ['supervisorSeenMsAgo', null],
  ])('drops only a vital that is invalid: %s %s', (name, value) => {
    const vitals = { ...(example('vitals') as object), downloadProgressPercent: 7 };
    const parsed = heartbeat({ vitals: { ...vitals, [name]: value } });
    expect(parsed.ok && parsed.value.vitals).toEqual({ ...vitals, [name]: undefined });
  });

  test.each(['agentUptimeMs', 'agentRssBytes', 'failedHeartbeats'])('requires the vital %s', (name) => {
    const vitals = example('vitals');
    for (const value of [undefined, -1]) {
      expect(issuesOf(heartbeat({ vitals: { ...vitals, [name]: value } }))?.[0]?.path).toBe(`vitals.${name}`);
    }
  });

  test('drops only a command result that cannot be parsed', () => {
    const good = example('command-result');
    expect(heartbeat({ commandResults: [{ id: 'poison' }, good, 7] })).toMatchObject({
      ok: true,
      value: { commandResults: [good] },
    });
  });

  test(`keeps the first ${limits.commandResultsMax} command results`, () => {
    const results = Array.from({ length: 40 }, () => example('command-result'));
    const parsed = heartbeat({ commandResults: results });
    expect(parsed.ok && parsed.value.commandResults).toHaveLength(limits.commandResultsMax);
  });
});

describe('a malformed request', () => {
  test.each([
    ['no JSON', '{', [{ path: '', rule: 'json' }]],
    ['not an object', '[]', [{ path: '', rule: 'object' }]],
  ])('is reported as such: %s', (_case, body, issues) => {
    expect(parseRegisterRequest(body)).toEqual({ ok: false, problem: { code: 'malformed-request', issues } });
  });

  test.each([
    ['a node ID with spaces', { nodeId: 'my node' }, { path: 'nodeId', rule: 'node-id' }],
    ['no boot ID', { bootId: undefined }, { path: 'bootId', rule: 'required' }],
    ['a short registration key', { registrationKey: 'abc' }, { path: 'registrationKey', rule: 'registration-key' }],
    [
      'a status without host',
      { status: { ...example('runtime-status'), host: undefined } },
      { path: 'status.host', rule: 'required' },
    ],
    [
      'a known Supervisor state without its members',
      { status: { ...example('runtime-status'), supervisor: { state: 'available', version: '19.0.5', apps: [] } } },
      { path: 'status.supervisor.device', rule: 'required' },
    ],
    [
      'a lone surrogate',
      { status: { ...example('runtime-status'), agent: { name: 'a\ud800b', version: '1' } } },
      { path: 'status.agent.name', rule: 'safe-text' },
    ],
    [
      'a NUL in a list',
      { runningCommand: { phase: ['', '\u0000'] } },
      { path: 'runningCommand.phase.1', rule: 'safe-text' },
    ],
    ['a NUL in a key', { 'a\u0000': 1 }, { path: '', rule: 'safe-key' }],
  ])('gets the place and the rule: %s', (_case, changes, issue) => {
    expect(issuesOf(register(changes))).toEqual([issue]);
  });

  test('is reported if its sequence is not a positive integer', () => {
    for (const sequence of [0, -1, 1.5, '1', null, 2 ** 53]) {
      expect(issuesOf(heartbeat({ sequence }))?.[0]?.path).toBe('sequence');
    }
  });

  test('is rejected if it is nested deeper than the contract allows', () => {
    expect(issuesOf(register({ deep: nested(limits.bodyMaxDepth) }))?.[0]?.rule).toBe('max-depth');
    expect(register({ deep: nested(limits.bodyMaxDepth - 1) }).ok).toBe(true);
  });

  test('is rejected if a string in it is too long, even where the contract does not name it', () => {
    const ofLength = (length: number) => register({ note: ['x'.repeat(length)] });
    expect(issuesOf(ofLength(limits.stringMaxLength + 1))).toEqual([{ path: '*.0', rule: 'max-length' }]);
    expect(ofLength(limits.stringMaxLength).ok).toBe(true);
  });

  test('is rejected if it carries the key __proto__', () => {
    const body = JSON.stringify(example('register-request')).replace('{', '{"__proto__":{"accepted":true},');
    expect(issuesOf(parseRegisterRequest(body))).toEqual([{ path: '', rule: 'safe-key' }]);
  });

  test('never gets its own values back', () => {
    const parsed = register({ nodeId: 'secret value', registrationKey: 'another secret', status: 'third secret' });
    expect(JSON.stringify(problemOf(parsed))).not.toContain('secret');
  });

  test.each([
    ['at the top', { bnt_secret: 'a\u0000' }, '*'],
    [
      'below members of the contract',
      { status: { host: { '7.secret': [{ secret: '\u0000' }] } } },
      'status.host.*.0.*',
    ],
    ['that looks like an index', { 12: '\u0000' }, '*'],
    ['that every object inherits', { constructor: '\u0000' }, '*'],
    ['of any length', { ['K'.repeat(200_000)]: '\u0000' }, '*'],
  ])('never gets an invented key back: %s', (_case, changes, path) => {
    expect(issuesOf(register(changes))).toEqual([{ path, rule: 'safe-text' }]);
  });

  test('gets every name of the contract back', () => {
    const status = example('runtime-status');
    const supervisor = { state: 'available', version: '1', apps: [{ services: [{ containerId: '\u0000' }] }] };
    expect(issuesOf(register({ status: { ...status, supervisor } }))?.[0]?.path).toBe(
      'status.supervisor.apps.0.services.0.containerId',
    );
    const error = { code: 'c', message: '\u0000' };
    expect(issuesOf(heartbeat({ commandResults: [{ error }] }))?.[0]?.path).toBe('commandResults.0.error.message');
  });
});

describe('a request of another protocol', () => {
  test.each([2, '1', undefined, null])('gets the list of supported ones: %s', (protocol) => {
    expect(register({ protocol })).toEqual({ ok: false, problem: { code: 'unsupported-protocol', supported: [1] } });
  });
});

describe('a request that is too large', () => {
  test('is rejected by its bytes, not its characters', () => {
    const body = JSON.stringify({ filler: '€'.repeat(limits.bodyMaxBytes / 3) });
    expect(body.length).toBeLessThan(limits.bodyMaxBytes);
    expect(problemOf(parseRegisterRequest(body))).toMatchObject({ code: 'payload-too-large', issues: [{ path: '' }] });
  });

  test('is rejected if only its status is too large', () => {
    const status = { ...example('runtime-status'), filler: 'x'.repeat(limits.statusMaxBytes) };
    expect(problemOf(heartbeat({ status }))).toMatchObject({ code: 'payload-too-large', issues: [{ path: 'status' }] });
  });
});

test('any text parses to a request or a problem, never an exception', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (body) => {
      for (const parse of [parseRegisterRequest, parseHeartbeatRequest]) {
        const parsed: ParsedRequest<unknown> = parse(body);
        expect(problemOf(parsed)?.code).toMatch(/^(malformed-request|unsupported-protocol)$/);
      }
    }),
  );
});

test('any member replaced by any JSON gives a request or a problem with its place', () => {
  const members = Object.keys(example('heartbeat-request'));
  fc.assert(
    fc.property(fc.constantFrom(...members), fc.jsonValue(), (member, value) => {
      const places = issuesOf(heartbeat({ [member]: value }))?.map(({ path }) => path) ?? [];
      expect(places.filter((path) => path !== '' && !path.startsWith(member))).toEqual([]);
    }),
  );
});

describe('a request of a legacy node', () => {
  test('has no protocol, and is parsed as far as possible', () => {
    const status = example('runtime-status');
    expect(parseLegacyRegisterRequest(JSON.stringify({ nodeId: 'n', joinToken: 't', status, more: 1 }))).toEqual({
      ok: true,
      value: { nodeId: 'n', joinToken: 't', status, more: 1 },
    });
    expect(parseLegacyHeartbeatRequest(JSON.stringify({ status: { of: 'another shape' } }))).toEqual({
      ok: true,
      value: { status: undefined },
    });
  });

  test.each([parseLegacyRegisterRequest, parseLegacyHeartbeatRequest])(
    'is unsupported if it has a protocol, and malformed if its node ID is malformed',
    (parse) => {
      expect(problemOf(parse('{"protocol":1}'))?.code).toBe('unsupported-protocol');
      expect(problemOf(parse('{"nodeId":"a b"}'))?.issues).toEqual([{ path: 'nodeId', rule: 'node-id' }]);
    },
  );
});
