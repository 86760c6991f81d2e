import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export const sets = ['strict', 'tolerant'] as const;
export type SchemaSet = (typeof sets)[number];

const folder = fileURLToPath(new URL('..', import.meta.url));

function read(path: string): Json {
  return JSON.parse(readFileSync(`${folder}${path}`, 'utf8')) as Json;
}

/** The messages that have a schema in the set. */
export function messagesOf(set: SchemaSet): string[] {
  return readdirSync(`${folder}schema/${set}`).map((file) => basename(file, '.json'));
}

export function schemaOf(set: SchemaSet, message: string) {
  return read(`schema/${set}/${message}.json`) as { [key: string]: Json };
}

/** The shipped examples of a message, by file. */
export function examplesOf(message: string): { file: string; example: Json }[] {
  return readdirSync(`${folder}examples`)
    .filter((file) => file.split('.')[0] === message)
    .map((file) => ({ file, example: read(`examples/${file}`) }));
}

function complain(...told: unknown[]): never {
  throw new Error(told.join(' '));
}

const validators = new Map<string, ValidateFunction>();

/** As configured by a user who passes only this file and wants a report of anything odd in it. */
export function validatorOf(set: SchemaSet, message: string): ValidateFunction {
  const name = `${set}/${message}`;
  const validator = validators.get(name) ?? compile(schemaOf(set, message));
  validators.set(name, validator);
  return validator;
}

function compile(schema: object): ValidateFunction {
  return new Ajv2020({
    strict: true,
    allErrors: true,
    logger: { log: complain, warn: complain, error: complain },
  }).compile(schema);
}
