import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as contracts from '../src/index.js';

const folder = new URL('../examples/', import.meta.url);
const examples = readdirSync(folder).filter((name) => /^(?:heartbeat|problem|legacy|register)/.test(name));

/** By the first words of its examples' names. */
const parsers = {
  'heartbeat-answer': contracts.parseHeartbeatAnswer,
  'heartbeat-request': contracts.parseHeartbeatRequest,
  problem: contracts.parseProblem,
  'legacy-heartbeat-answer': contracts.parseLegacyHeartbeatAnswer,
  'legacy-heartbeat-request': contracts.parseLegacyHeartbeatRequest,
  'legacy-register-answer': contracts.parseLegacyRegisterAnswer,
  'legacy-register-request': contracts.parseLegacyRegisterRequest,
  'register-accepted': contracts.parseRegisterAnswer,
  'register-pending': contracts.parseRegisterAnswer,
  'register-request': contracts.parseRegisterRequest,
} as const;

/** Values that JavaScript cannot convert to a text or a number, or converts in a surprising way. */
const strange = [
  '{"toString":null}',
  '{"toString":null,"valueOf":null}',
  '{"toString":1,"valueOf":"a"}',
  '[{"toString":null}]',
  '{"length":-1}',
  '{"length":"a"}',
  '{"constructor":null,"hasOwnProperty":null}',
  '{"toJSON":1}',
  '1e400',
  'null',
  '[]',
  '""',
];

const place = '"the place"';

/** The document as JSON, once for each of its values, which has `place` in its place. */
function* withPlaces(document: unknown): Generator<string> {
  yield place;
  if (typeof document !== 'object' || document === null) return;
  for (const [key, value] of Object.entries(document)) {
    for (const changed of withPlaces(value)) {
      const members = Object.entries(document).map(([name, other]) => {
        const json = name === key ? changed : JSON.stringify(other);
        return Array.isArray(document) ? json : `${JSON.stringify(name)}:${json}`;
      });
      yield Array.isArray(document) ? `[${members.join()}]` : `{${members.join()}}`;
    }
  }
}

test('every message has examples', () => {
  expect(new Set(examples.map((name) => name.split('.')[0]))).toEqual(new Set(Object.keys(parsers)));
});

test.for(examples)('no value in place of another makes a parser throw: %s', (name) => {
  const parse = parsers[name.split('.')[0] as keyof typeof parsers];
  const document: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  for (const text of withPlaces(document)) {
    for (const value of strange) {
      expect(() => parse(text.replace(place, value)), `${value} in ${text}`).not.toThrow();
    }
  }
});
