import { readdirSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { jsonSchemas } from '../scripts/json-schemas.mjs';
import * as contracts from './index.js';

const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

const schemas: Record<string, v.GenericSchema> = {
  'register-request': contracts.registerRequestSchema,
  'register-accepted': contracts.registerAcceptedSchema,
  'register-pending': contracts.registerPendingSchema,
  'heartbeat-request': contracts.heartbeatRequestSchema,
  'heartbeat-answer': contracts.heartbeatAnswerSchema,
  problem: contracts.problemSchema,
  'runtime-status': contracts.runtimeStatusSchema,
  vitals: contracts.vitalsSchema,
  'desired-state': contracts.desiredStateSchema,
  command: contracts.commandSchema,
  'command-result': contracts.commandResultSchema,
  'provisional-register-answer': contracts.provisionalRegisterAnswerSchema,
  'provisional-heartbeat-answer': contracts.provisionalHeartbeatAnswerSchema,
};

describe('every message', () => {
  it('has one published example and one JSON Schema, and there are no others', () => {
    const names = Object.keys(schemas).map((name) => `${name}.json`);
    expect(readdirSync(new URL('../examples', import.meta.url)).toSorted()).toEqual(names.toSorted());
    expect(readdirSync(new URL('../schema', import.meta.url)).toSorted()).toEqual(names.toSorted());
  });

  it.each(Object.entries(schemas))('%s: the example comes out of the schema as it went in', (name, schema) => {
    const example = json(`../examples/${name}.json`);
    expect(v.parse(schema, example)).toEqual(example);
  });

  it.each(Object.entries(jsonSchemas(contracts)))(
    '%s: the shipped JSON Schema is the one of the source',
    (name, schema) => {
      expect(json(`../schema/${name}.json`)).toEqual(schema);
    },
  );

  it.each(Object.entries(schemas).filter(([name]) => name !== 'provisional-heartbeat-answer'))(
    '%s: an empty object is none',
    (_name, schema) => {
      const accepted = v.is(schema, {});
      expect(accepted).toBe(schema === contracts.desiredStateSchema);
    },
  );
});
