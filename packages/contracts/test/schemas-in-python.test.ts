import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { debianPython, hasJsonschema, unlessJsonschema } from '../../../test/debian-python.js';
import { mutationsOf, placesIn, textAt, withValueAt } from './mutations.js';
import { examplesOf, type Json, messagesOf, schemaOf, sets, validatorOf } from './shipped-schemas.js';

const program = fileURLToPath(new URL('judge-messages.py', import.meta.url));

function judgeInPython(schemas: Record<string, object>, messages: [name: string, message: Json][]): boolean[] {
  const output = execFileSync(debianPython, [program], {
    input: JSON.stringify({ schemas, messages }),
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(String(output)) as boolean[];
}

function withLineFeeds(example: Json): Json[] {
  return placesIn(example).flatMap((place) => {
    const text = textAt(example, place);
    return text === undefined ? [] : [withValueAt(example, place, `${text}\n`)];
  });
}

describe.skipIf(!hasJsonschema && !process.env['CI'])(`Python's jsonschema${unlessJsonschema}`, () => {
  test.each(sets)('agrees with ajv on the %s set', (set) => {
    const schemas = Object.fromEntries(messagesOf(set).map((message) => [message, schemaOf(set, message)]));
    const cases = messagesOf(set).flatMap((message) =>
      examplesOf(message).flatMap(({ example }) =>
        [example, ...withLineFeeds(example), ...fc.sample(mutationsOf(example), 20)].map((spoilt): [string, Json] => [
          message,
          spoilt,
        ]),
      ),
    );
    const verdicts = judgeInPython(schemas, cases);
    const differences = cases.filter(([name, spoilt], index) => validatorOf(set, name)(spoilt) !== verdicts[index]);
    expect(differences).toEqual([]);
    expect(new Set(verdicts)).toEqual(new Set([true, false]));
  });
});
