import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { examplesOf, type Json } from './shipped-schemas.js';

/** The schemas for readers, as they were before commands had times, phases and previews, and settings a mode of updates. */
function readerBefore(message: string, part?: string): ValidateFunction {
  const path = fileURLToPath(new URL(`before-commands/${message}.json`, import.meta.url));
  const schema = JSON.parse(readFileSync(path, 'utf8')) as { $id: string };
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  if (part === undefined) return ajv.compile(schema);
  ajv.addSchema(schema);
  return ajv.compile({ $ref: `${schema.$id}#/$defs/${part}` });
}

function memberOf(example: Json, name: string): Json | undefined {
  return (example as { [key: string]: Json })[name];
}

const readers = {
  'a node of before reads commands': { reader: readerBefore('heartbeat-answer', 'command'), message: 'command' },
  'a node of before reads answers': { reader: readerBefore('heartbeat-answer'), message: 'heartbeat-answer' },
  'a node of before reads a desired state': {
    reader: readerBefore('heartbeat-answer', 'desiredState'),
    message: 'desired-state',
  },
  'a Cloudly of before reads results': {
    reader: readerBefore('heartbeat-request', 'commandResult'),
    message: 'command-result',
  },
  'a Cloudly of before reads a status': {
    reader: readerBefore('heartbeat-request', 'runtimeStatus'),
    message: 'runtime-status',
  },
  'a Cloudly of before reads heartbeats': { reader: readerBefore('heartbeat-request'), message: 'heartbeat-request' },
};

describe.each(Object.entries(readers))('%s', (_name, { reader, message }) => {
  test.each(examplesOf(message))('as in examples/$file', ({ example }) => {
    reader(example);
    expect(reader.errors).toBeNull();
  });
});

test('a node of before reads settings with a mode of updates', () => {
  const read = readerBefore('heartbeat-answer', 'settings');
  for (const updates of ['free', 'gated', 'own']) expect(read({ logLevel: 'debug', updates })).toBe(true);
});

test('a Cloudly of before reads a running command with all that it says', () => {
  const read = readerBefore('heartbeat-request', 'runningCommand');
  const named = examplesOf('heartbeat-request').flatMap(({ example }) => memberOf(example, 'runningCommand') ?? []);
  expect(named.map((command) => memberOf(command, 'phase'))).toContain('waiting-for-lock');
  for (const command of named) expect(read(command)).toBe(true);
});

test('these readers reject what is none of it', () => {
  expect(readerBefore('heartbeat-answer', 'command')({ kind: 'update', expiresInMs: 1 })).toBe(false);
  expect(readerBefore('heartbeat-request', 'commandResult')({ id: 'x', outcome: 'succeeded' })).toBe(false);
  expect(readerBefore('heartbeat-request')({ protocol: 1 })).toBe(false);
});
