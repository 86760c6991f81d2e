import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mutationsOf, type Place, placesIn, textAt, valueAt, withValueAt } from './mutations.js';
import { readers } from './readers.js';
import { examplesOf, type Json, messagesOf, validatorOf } from './shipped-schemas.js';
import { limits } from '../src/protocol/limits.js';

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the node knows beside: any JSON. */
function isFree(place: Place): boolean {
  return place.includes('details');
}

/** UUIDs are read in lower case. */
function lowerCased(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).toLowerCase());
}

describe.each(messagesOf('strict'))('the strict schema of %s', (message) => {
  const validate = validatorOf('strict', message);
  const accepts = (value: Json): boolean => validate(value);
  const acceptsTolerantly = validatorOf('tolerant', message);
  const read = readers[message] ?? expect.unreachable(message);
  const examples = examplesOf(message).map(({ example }) => example);
  const places = examples.flatMap((example) => placesIn(example).map((place) => ({ example, place })));

  test('accepts nothing that a reader rejects, or of which it drops or changes a part', () => {
    const mutations = fc.constantFrom(...examples).chain(mutationsOf);
    fc.assert(
      fc.property(mutations, (mutation) => {
        if (!accepts(mutation)) return;
        expect(acceptsTolerantly(mutation)).toBe(true);
        expect(lowerCased(read(mutation))).toEqual(lowerCased(mutation));
      }),
      { numRuns: 300, examples: examples.map((example) => [example]) },
    );
  });

  test('rejects a key that the contract does not name, in any object of any example', () => {
    const objects = places.filter(({ example, place }) => isObject(valueAt(example, place)) && !isFree(place));
    for (const { example, place } of objects) {
      const spoilt = withValueAt(example, place, { ...(valueAt(example, place) as object), extra: 1 });
      expect({ place, isAccepted: accepts(spoilt) }).toEqual({ place, isAccepted: false });
      expect({ place, isRead: acceptsTolerantly(spoilt) }).toEqual({ place, isRead: true });
    }
  });

  test('rejects a value of another type, anywhere in any example', () => {
    const kindOf = (value: Json) => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);
    const others: Json[] = [null, true, 7, 'x', [], { x: 1 }];
    for (const { example, place } of places.filter((each) => !isFree(each.place))) {
      for (const other of others.filter((each) => kindOf(each) !== kindOf(valueAt(example, place)))) {
        const spoilt = withValueAt(example, place, other);
        expect({ place, other, isAccepted: accepts(spoilt) }).toEqual({ place, other, isAccepted: false });
      }
    }
  });

  test('rejects U+0000 in any text of any example', () => {
    const texts = places.filter(({ example, place }) => textAt(example, place) !== undefined && !isFree(place));
    for (const { example, place } of texts) {
      const spoilt = withValueAt(example, place, `${textAt(example, place)}\u0000`);
      expect({ place, isAccepted: accepts(spoilt) }).toEqual({ place, isAccepted: false });
    }
  });
});

function typical(message: string): Json {
  return examplesOf(message).find(({ file }) => file === `${message}.json`)?.example ?? null;
}

function repeated(message: string, length: number): Json {
  return Array.from({ length }, () => typical(message));
}

const WORD = 'word-of-tomorrow';

describe('a rule for writers only', () => {
  test.each<{ message: string; place: Place; put?: Json }>([
    { message: 'register-accepted', place: ['serverTime'] },
    { message: 'register-pending', place: ['serverTime'] },
    { message: 'heartbeat-answer', place: ['serverTime'] },
    { message: 'heartbeat-answer', place: ['serverTime'], put: '2026-11-23T17:00:00+01:00' },
    { message: 'heartbeat-answer', place: ['serverTime'], put: '2026-11-23t16:00:00z' },
    { message: 'heartbeat-answer', place: ['serverTime'], put: '2026-12-31T23:59:60Z' },
    { message: 'heartbeat-answer', place: ['serverTime'], put: 'noon' },
    { message: 'heartbeat-answer', place: ['heartbeatIntervalMs'], put: limits.heartbeatIntervalMinMs - 1 },
    { message: 'heartbeat-answer', place: ['heartbeatIntervalMs'], put: limits.heartbeatIntervalMaxMs + 1 },
    { message: 'heartbeat-answer', place: ['heartbeatIntervalMs'], put: 60_000.5 },
    { message: 'heartbeat-answer', place: ['wake', 'waitMs'], put: limits.wakeWaitMinMs - 1 },
    { message: 'heartbeat-answer', place: ['wake', 'waitMs'], put: limits.wakeWaitMaxMs + 1 },
    { message: 'heartbeat-answer', place: ['desiredState', 'settings', 'logLevel'], put: WORD },
    { message: 'desired-state', place: ['commands'], put: repeated('command', limits.commandsMax + 1) },
    { message: 'desired-state', place: ['commands'], put: [{}] },
    { message: 'command', place: ['kind'], put: WORD },
    { message: 'register-pending', place: ['reason'], put: WORD },
    { message: 'problem', place: ['serverTime'] },
    { message: 'problem', place: ['type'] },
    { message: 'problem', place: ['title'] },
    { message: 'problem', place: ['status'] },
    { message: 'problem', place: ['status'], put: 403 },
    { message: 'problem', place: ['code'], put: WORD },
    { message: 'problem', place: ['code'], put: 'node-revoked' },
    { message: 'problem', place: ['code'], put: 'malformed-request' },
    { message: 'problem', place: ['code'], put: 'unsupported-protocol' },
    { message: 'vitals', place: ['clockSkewMs'], put: 0.5 },
    { message: 'vitals', place: ['load1'], put: -1 },
    { message: 'heartbeat-request', place: ['runningCommand', 'phase'], put: '' },
    {
      message: 'heartbeat-request',
      place: ['commandResults'],
      put: repeated('command-result', limits.commandResultsMax + 1),
    },
    { message: 'heartbeat-request', place: ['commandResults'], put: [{}] },
    { message: 'command-result', place: ['outcome'], put: WORD },
    { message: 'command-result', place: ['error', 'message'], put: 'x'.repeat(limits.stringMaxLength + 1) },
    { message: 'runtime-status', place: ['supervisor'], put: { state: WORD } },
    { message: 'runtime-status', place: ['acceptedCommands'], put: [WORD] },
  ])('$message: $place $put', ({ message, place, put }) => {
    const spoilt = withValueAt(typical(message), place, put);
    expect(validatorOf('strict', message)(typical(message))).toBe(true);
    expect(validatorOf('strict', message)(spoilt)).toBe(false);
    expect(validatorOf('tolerant', message)(spoilt)).toBe(true);
  });
});

test('a writer passes the Supervisor’s words on unchanged', () => {
  const places: Place[] = [
    ['supervisor', 'appState'],
    ['supervisor', 'device', 'status'],
    ['supervisor', 'apps', 0, 'services', 0, 'status'],
  ];
  for (const place of places) {
    const status = withValueAt(typical('runtime-status'), place, WORD);
    expect(validatorOf('strict', 'runtime-status')(status)).toBe(true);
  }
});

describe('a rule for both sides', () => {
  const text = (length: number): string => '\u{1f9ca}'.repeat(length);

  test.each<{ message: string; place: Place; good: Json; bad: Json }>([
    { message: 'heartbeat-request', place: ['statusHash'], good: text(64), bad: text(65) },
    { message: 'heartbeat-request', place: ['sequence'], good: 1, bad: 0 },
    { message: 'heartbeat-request', place: ['sequence'], good: 2 ** 53 - 1, bad: 2 ** 53 },
    { message: 'register-request', place: ['nodeId'], good: 'n'.repeat(128), bad: 'n'.repeat(129) },
    { message: 'register-request', place: ['nodeId'], good: 'a', bad: 'a\n' },
    { message: 'register-request', place: ['nodeId'], good: 'A.b_c-9', bad: '.b' },
    { message: 'register-request', place: ['registrationKey'], good: '-_'.repeat(21) + 'A', bad: '-_'.repeat(22) },
    { message: 'register-request', place: ['registrationKey'], good: 'A'.repeat(43), bad: `${'A'.repeat(42)}\n` },
    { message: 'register-request', place: ['status', 'host', 'arch'], good: text(4096), bad: text(4097) },
    { message: 'register-request', place: ['status', 'host', 'cpuCount'], good: 1, bad: 0 },
    { message: 'register-accepted', place: ['nodeToken'], good: '!~'.repeat(2048), bad: '!~'.repeat(2048) + '!' },
    { message: 'register-accepted', place: ['nodeToken'], good: 't', bad: 't ' },
    { message: 'heartbeat-answer', place: ['cloudlyId'], good: 'c', bad: 'c d' },
    {
      message: 'command',
      place: ['expiresInMs'],
      good: limits.commandExpiresMaxMs,
      bad: limits.commandExpiresMaxMs + 1,
    },
    { message: 'vitals', place: ['agentRssBytes'], good: 0, bad: -1 },
  ])('$message: $place', ({ message, place, good, bad }) => {
    for (const set of ['strict', 'tolerant'] as const) {
      const validate = validatorOf(set, message);
      expect(validate(withValueAt(typical(message), place, good))).toBe(true);
      expect(validate(withValueAt(typical(message), place, bad))).toBe(false);
    }
  });
});
