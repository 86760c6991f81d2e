import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createFleet, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { ada } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-callers';
import { addNode, nodeRecord, NOW_MS } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-records';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { openApi } from '../scripts/open-api.js';
import { exportRoutes } from '../src/routes/export-routes.js';
import { fleetRoutes } from '../src/routes/fleet-routes.js';
import { operatorRoutes } from '../src/routes/operator-routes.js';
import { streamRoutes } from '../src/routes/stream-routes.js';
import { serveFleet } from './fixtures/remote-fleet.js';

const file = fileURLToPath(new URL('../openapi.json', import.meta.url));

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

const document = JSON.parse(readFileSync(file, 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
};

describe('openapi.json', () => {
  test('is OpenAPI 3.1 to an independent validator', async () => {
    const validator = new Validator();
    expect(await validator.validate(file)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('is what the table of routes says; `pnpm build` writes it', () => {
    expect(document).toEqual(JSON.parse(JSON.stringify(openApi())));
  });

  test('has every call once, at its path', () => {
    const routes = [fleetRoutes, exportRoutes, operatorRoutes, streamRoutes].flatMap((table) => Object.values(table));
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${operationId}: ${method} ${path}`),
    );
    const expected = routes.map(({ call, method, path }) => `${call}: ${method.toLowerCase()} ${path}`);
    expect(described.toSorted()).toEqual(expected.toSorted());
  });

  test('refers only to schemas that it has', () => {
    const references = JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g);
    const missing = Array.from(references, ([, name = '']) => name).filter(
      (name) => !(name in document.components.schemas),
    );
    expect(missing).toEqual([]);
  });

  test('describes good answers and problems as they are', async () => {
    const store = createMemoryStore();
    await addNode(store, nodeRecord('gate-1'));
    const { api, tokenOf } = serveFleet(createFleet({ store, now: () => NOW_MS }));
    const authorization = `Bearer ${tokenOf(ada)}`;
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    const judge = async (path: string, template = path) => {
      const response = await api.fetch(new Request(`http://c/api/v1${path}`, { headers: { authorization } }));
      const schema = response.ok
        ? document.paths[template]?.['get']?.responses['200']?.content?.['application/json']?.schema
        : { $ref: '#/components/schemas/FleetProblem' };
      const validate = ajv.compile({ ...schema, components: document.components });
      validate(await response.json());
      return [response.status, validate.errors];
    };
    expect(await judge('/summary')).toEqual([200, null]);
    expect(await judge('/nodes')).toEqual([200, null]);
    expect(await judge('/nodes/gate-1', '/nodes/{nodeId}')).toEqual([200, null]);
    expect(await judge('/events')).toEqual([200, null]);
    expect(await judge('/nodes/gate-2', '/nodes/{nodeId}')).toEqual([404, null]);
    expect(await judge('/nodes?limit=x', '/nodes')).toEqual([400, null]);
  });
});
