import { readdirSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import * as contracts from '../src/index.js';

const schemas: Record<string, v.GenericSchema> = {
  'register-request': contracts.registerRequestSchema,
  'register-accepted': contracts.registerAcceptedSchema,
  'register-pending': contracts.registerPendingSchema,
  'heartbeat-request': contracts.heartbeatRequestSchema,
  'heartbeat-answer': contracts.heartbeatAnswerSchema,
  'wake-answer': contracts.wakeAnswerSchema,
  problem: contracts.problemSchema,
  'runtime-status': contracts.runtimeStatusSchema,
  vitals: contracts.vitalsSchema,
  'desired-state': contracts.desiredStateSchema,
  command: contracts.commandSchema,
  'command-result': contracts.commandResultSchema,
  'legacy-register-request': contracts.legacyRegisterRequestSchema,
  'legacy-heartbeat-request': contracts.legacyHeartbeatRequestSchema,
  'legacy-register-answer': contracts.legacyRegisterAnswerSchema,
  'legacy-heartbeat-answer': contracts.legacyHeartbeatAnswerSchema,
};

const examplesFolder = new URL('../examples/', import.meta.url);
const examples = readdirSync(examplesFolder).map((file) => ({ file, message: file.replace(/\..*$/, '') }));

describe('every message', () => {
  test('has published examples, and there are no others', () => {
    expect([...new Set(examples.map(({ message }) => message))].toSorted()).toEqual(Object.keys(schemas).toSorted());
  });

  test.each(examples)('$message: $file passes through the schema unchanged', ({ file, message }) => {
    const example: unknown = JSON.parse(readFileSync(new URL(file, examplesFolder), 'utf8'));
    expect(v.parse(schemas[message] as v.GenericSchema, example)).toEqual(example);
  });

  test.each(Object.entries(schemas).filter(([name]) => !/^legacy-heartbeat-|^legacy-register-request$/.test(name)))(
    '%s: an empty object is invalid',
    (_name, schema) => {
      const accepted = v.is(schema, {});
      expect(accepted).toBe(schema === contracts.desiredStateSchema);
    },
  );
});
