import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as contracts from './index.js';

const folder = new URL('../examples/', import.meta.url);
const examples = readdirSync(folder).filter((name) => /^(?:heartbeat|problem|provisional|register)/.test(name));

/** By the first words of its examples' names. */
const parsers = {
  'heartbeat-answer': contracts.parseHeartbeatAnswer,
  'heartbeat-request': contracts.parseHeartbeatRequest,
  problem: contracts.parseProblem,
  'provisional-heartbeat-answer': contracts.parseProvisionalHeartbeatAnswer,
  'provisional-heartbeat-request': contracts.parseProvisionalHeartbeatRequest,
  'provisional-register-answer': contracts.parseProvisionalRegisterAnswer,
  'provisional-register-request': contracts.parseProvisionalRegisterRequest,
  'register-accepted': contracts.parseRegisterAnswer,
  'register-pending': contracts.parseRegisterAnswer,
  'register-request': contracts.parseRegisterRequest,
} as const;

/** What JavaScript cannot make a text or a number of, and what it makes a surprising one of. */
const strange = [
  { toString: null },
  { toString: null, valueOf: null },
  { toString: 1, valueOf: 'a' },
  [{ toString: null }],
  { length: -1 },
  { length: 'a' },
  { constructor: null, hasOwnProperty: null },
  { then: 1, toJSON: 1 },
  1e400,
  null,
  [],
  '',
];

/** The document with each of its values in turn replaced. */
function* withEach(document: unknown, replacement: unknown): Generator<unknown> {
  yield replacement;
  if (typeof document !== 'object' || document === null) return;
  for (const [key, value] of Object.entries(document)) {
    for (const changed of withEach(value, replacement)) {
      yield Array.isArray(document)
        ? document.map((item: unknown, index) => (String(index) === key ? changed : item))
        : { ...document, [key]: changed };
    }
  }
}

test('there are examples of every message', () => {
  expect(new Set(examples.map((name) => name.split('.')[0]))).toEqual(new Set(Object.keys(parsers)));
});

test.for(examples)('no value in the place of another makes a parser throw: %s', (name) => {
  const parse = parsers[name.split('.')[0] as keyof typeof parsers];
  const document: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  for (const replacement of strange) {
    for (const changed of withEach(document, replacement)) {
      const text = JSON.stringify(changed, (_, value: unknown) => (value === Infinity ? 'infinite' : value));
      expect(() => parse(text.replaceAll('"infinite"', '1e400')), text).not.toThrow();
    }
  }
});
