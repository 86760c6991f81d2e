import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { endpoints, isProblemCode, problems, wakeEndpoint } from '../src/index.js';

const file = fileURLToPath(new URL('../openapi.json', import.meta.url));

const all = { ...endpoints, wake: wakeEndpoint };

interface MediaType {
  schema: object;
  examples: Record<string, { value: Record<string, unknown> }>;
}

interface Answer {
  headers: Record<string, { $ref: string }>;
  content: Record<string, MediaType>;
}

interface Operation {
  requestBody?: { content: Record<string, MediaType> };
  responses: Record<string, Answer>;
}

const document = JSON.parse(readFileSync(file, 'utf8')) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: object;
};

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, method, operation })),
);

const bodies = operations.flatMap(({ name, operation }) => [
  ...Object.entries(operation.requestBody?.content ?? {}).map(([type, body]) => ({ name: `${name}: ${type}`, body })),
  ...Object.entries(operation.responses).flatMap(([status, { content }]) =>
    Object.entries(content).map(([type, body]) => ({ name: `${name} ${status}: ${type}`, body })),
  ),
]);

function validatorOf(schema: object): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  ajv.addKeyword('components');
  return ajv.compile({ ...schema, components: document.components });
}

/** The codes of the problems that an operation may answer, by status. */
function codesByStatus({ responses }: Operation): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(responses).flatMap(([status, { content }]) => {
      const problem = content['application/problem+json'];
      return problem ? [[status, Object.values(problem.examples).map(({ value }) => String(value['code']))]] : [];
    }),
  );
}

describe('openapi.json', () => {
  test('is OpenAPI 3.1 to an independent validator', async () => {
    const validator = new Validator();
    expect(await validator.validate(file)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('is rejected by that validator if it is corrupted', async () => {
    const { paths: _paths, ...rest } = document;
    const spoilt = [
      { ...rest, paths: { 'no-slash': {} } },
      { ...document, info: {} },
      { ...document, components: { schemas: { Broken: 7 } } },
    ];
    for (const each of spoilt) expect((await new Validator().validate(each)).valid).toBe(false);
  });

  test('has the endpoints of the contract', () => {
    expect(Object.keys(document.paths)).toEqual(Object.values(all).map(({ path }) => path));
  });

  test.each(Object.keys(all) as (keyof typeof all)[])('has every problem that %s answers with', (endpoint) => {
    const methods = document.paths[all[endpoint].path] ?? {};
    const codes = Object.values(methods).flatMap((operation) => Object.entries(codesByStatus(operation)));
    const expected = Object.keys(problems)
      .filter(isProblemCode)
      .filter((code) => problems[code].endpoints.some((answering) => answering === endpoint));
    expect(codes.flatMap(([, ofStatus]) => ofStatus).toSorted()).toEqual(expected.toSorted());
    for (const [status, ofStatus] of codes) {
      for (const code of ofStatus) expect(problems[code as keyof typeof problems].status).toBe(Number(status));
    }
  });

  test('requires Retry-After where nothing else says how long to wait', () => {
    for (const { operation } of operations) {
      for (const [status, { headers }] of Object.entries(operation.responses)) {
        expect('Retry-After' in headers).toBe(['202', '429', '503'].includes(status));
      }
    }
  });

  describe.each(bodies)('$name', ({ body }) => {
    const validate = validatorOf(body.schema);
    const examples = Object.entries(body.examples);

    test('has examples', () => {
      expect(examples).not.toEqual([]);
    });

    test.each(examples)('accepts its example %s', (_name, { value }) => {
      validate(value);
      expect(validate.errors).toBeNull();
    });

    test.each(examples)('rejects the example %s without its protocol, and with another', (_name, { value }) => {
      const { protocol: _protocol, ...rest } = value;
      expect(validate(rest)).toBe(false);
      expect(validate({ ...rest, protocol: 2 })).toBe(false);
    });
  });
});
