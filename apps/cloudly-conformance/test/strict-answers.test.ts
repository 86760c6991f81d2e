import { createRequire } from 'node:module';
import { type AnyEndpointName, isProblemCode, problems } from '@serve.zone/baseos-contracts';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect, test, vi } from 'vitest';
import { runConformance } from '../src/run/run-conformance.js';
import { endpointOf } from './alteration.js';
import { startCloudly } from './cloudly-under-test.js';

// A whole run.
vi.setConfig({ testTimeout: 300_000 });

const load = createRequire(import.meta.url);

function strict(message: string): ValidateFunction {
  return new Ajv2020({ strict: true }).compile(
    load(`@serve.zone/baseos-contracts/schema/strict/${message}.json`) as object,
  );
}

const problem = strict('problem');
const successes: Record<string, ValidateFunction> = {
  'register 200': strict('register-accepted'),
  'register 201': strict('register-accepted'),
  'register 202': strict('register-pending'),
  'heartbeat 200': strict('heartbeat-answer'),
  'wake 200': strict('wake-answer'),
};

/** What the kit does not provoke. */
const unprovoked = new Set(['not-found', 'unavailable']);

function mayAnswer(endpoint: AnyEndpointName, code: string): boolean {
  return isProblemCode(code) && problems[code].endpoints.some((answering) => answering === endpoint);
}

test('in no exchange of a run do the handlers write anything that the strict JSON Schemas reject', async () => {
  const seen = new Set<string>();
  const faults: unknown[] = [];
  const options = await startCloudly((next) => async (request) => {
    const response = await next(request);
    const answer = (await response.clone().json()) as { code?: string };
    const endpoint = endpointOf(request);
    const kind = response.ok ? `${endpoint} ${response.status}` : (answer.code ?? 'no code');
    const validate = response.ok ? successes[kind] : problem;
    if (!validate?.(answer)) faults.push({ kind, answer, errors: validate?.errors });
    if (!response.ok && !mayAnswer(endpoint, kind)) faults.push({ kind, answer, endpoint });
    seen.add(kind);
    return response;
  });
  await runConformance(options);
  expect(faults).toEqual([]);
  const provoked = Object.keys(problems).filter((code) => !unprovoked.has(code));
  expect(seen).toEqual(new Set([...Object.keys(successes), ...provoked]));
});
