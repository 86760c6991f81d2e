import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const json = (path: string): unknown => JSON.parse(readFileSync(`${folder}${path}`, 'utf8'));

const complain = (...told: unknown[]): never => {
  throw new Error(told.join(' '));
};

/** As a user has it who gives it nothing but the one file, and wants to be told of whatever is odd in that. */
const validatorOf = (path: string): ValidateFunction =>
  new Ajv2020({
    strict: true,
    strictTypes: true,
    strictTuples: true,
    allErrors: true,
    logger: { log: complain, warn: complain, error: complain },
  }).compile(json(path) as object);

const messagesOf = (set: string): string[] =>
  readdirSync(`${folder}schema/${set}`).map((file) => basename(file, '.json'));

describe.each(['strict', 'tolerant'])('the %s set', (set) => {
  describe.each(messagesOf(set))('%s', (message) => {
    const validate = validatorOf(`schema/${set}/${message}.json`);

    it.each(globSync(`examples/${message}{,.*}.json`, { cwd: folder }))('accepts %s', (example) => {
      validate(json(example));
      expect(validate.errors).toBeNull();
    });
  });
});
