import { fleetRoles, type NeededRole } from '@serve.zone/baseos-cloudly-handlers';
import protocol from '@serve.zone/baseos-contracts/openapi.json' with { type: 'json' };
import * as v from 'valibot';
import { operatorRoles } from '../src/operators/operator-roles.js';
import { fleetProblems } from '../src/problems/problem-table.js';
import { formOf } from '../src/route/query-text.js';
import type { AnyRoute } from '../src/route/route.js';
import { exportRoutes } from '../src/routes/export-routes.js';
import { fleetRoutes } from '../src/routes/fleet-routes.js';
import { operatorRoutes } from '../src/routes/operator-routes.js';
import { streamRoutes } from '../src/routes/stream-routes.js';
import { convertSchema, namedSchemas } from './json-schemas.js';

export type Needed = NeededRole | 'anyone';

/** Every table of routes, and what its calls need. */
export const servedRoutes: readonly {
  tag: string;
  routes: Readonly<Record<string, AnyRoute>>;
  needs: (call: string) => Needed;
}[] = [
  { tag: 'fleet', routes: fleetRoutes, needs: (call) => fleetRoles[call as keyof typeof fleetRoles] },
  { tag: 'fleet', routes: exportRoutes, needs: () => 'view' },
  { tag: 'streams', routes: streamRoutes, needs: () => 'view' },
  { tag: 'operators', routes: operatorRoutes, needs: (call) => operatorRoles[call as keyof typeof operatorRoles] },
];

/** The API as an OpenAPI document, from its table of routes. */
export function openApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: "BaseOS: the operators' API of a fleet",
      version: '1',
      description: introduction,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api/v1', description: 'Below the path at which the API is mounted.' }],
    security: [{ apiToken: [] }],
    tags: [
      { name: 'fleet', description: 'What operators see of the fleet and do to it.' },
      { name: 'streams', description: 'What is sent as it happens.' },
      { name: 'operators', description: 'Who may call. Absent where the API is mounted with users of another system.' },
    ],
    paths: paths(),
    components: {
      securitySchemes: {
        apiToken: { type: 'http', scheme: 'bearer', description: 'An API token of an operator: `bot_...`.' },
      },
      schemas: { ...namedSchemas(), ...schemasOfProtocol(), FleetProblem: problemSchema },
      responses: {
        Problem: {
          description: 'What happened and what to do about it (RFC 9457).',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/FleetProblem' } } },
        },
      },
    },
  };
}

function paths(): Record<string, Record<string, object>> {
  const all: Record<string, Record<string, object>> = {};
  for (const { tag, routes, needs } of servedRoutes) {
    for (const route of Object.values(routes)) {
      const operation = operationOf(route, tag, needs(route.call));
      all[route.path] = { ...all[route.path], [route.method.toLowerCase()]: operation };
    }
  }
  return all;
}

function operationOf(route: AnyRoute, tag: string, needed: Needed): object {
  const { call, summary, body, answer } = route;
  const parameters = [...pathParameters(route), ...queryParameters(route), ...revisionParameters(route)];
  return {
    operationId: call,
    summary,
    description: describeRole(needed),
    tags: [tag],
    ...(needed === 'anyone' && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: !v.is(body, undefined),
        content: { 'application/json': { schema: convertSchema(body) } },
      },
    }),
    responses: {
      [answer.status]: responseOf(route),
      '4XX': { $ref: '#/components/responses/Problem' },
      '5XX': { $ref: '#/components/responses/Problem' },
    },
  };
}

function describeRole(needed: Needed): string {
  if (needed === 'anyone') return 'Needs no credentials.';
  return needed === 'unscoped-admin' ? 'Needs the role `admin`, without a scope.' : `Needs the role \`${needed}\`.`;
}

function pathParameters({ path }: AnyRoute): object[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ query }: AnyRoute): object[] {
  return Object.entries(query).map(([name, schema]) => {
    const required = schema.type !== 'optional';
    const parameter = { name, in: 'query', required, schema: convertSchema(schema) };
    return formOf(schema) === 'list' ? Object.assign(parameter, { style: 'form', explode: false }) : parameter;
  });
}

function revisionParameters({ takesRevision }: AnyRoute): object[] {
  if (!takesRevision) return [];
  const description = 'The revision that the change is about, as `ETag` named it: another one is answered with 412.';
  return [{ name: 'If-Match', in: 'header', description, schema: { type: 'string', pattern: String.raw`^"\d+"$` } }];
}

function responseOf({ answer }: AnyRoute): object {
  const { mediaType, schema } = answer;
  const description = schema || mediaType !== undefined ? 'The answer.' : 'It is done.';
  const etag = { description: 'The revision, for `If-Match`.', schema: { type: 'string' } };
  return {
    description,
    ...(answer.revisionOf && { headers: { ETag: etag } }),
    ...(schema && { content: { 'application/json': { schema: convertSchema(schema) } } }),
    ...(mediaType !== undefined && { content: { [mediaType]: { schema: { type: 'string' } } } }),
  };
}

/** What the protocol of nodes says about what nodes report, and what that refers to. */
function schemasOfProtocol(): Record<string, object> {
  const all = protocol.components.schemas as Record<string, object>;
  const found = new Map<string, object>();
  const add = (name: string): void => {
    const schema = all[name];
    if (!schema) throw new TypeError(`The protocol has no schema ${name}`);
    if (found.has(name)) return;
    found.set(name, schema);
    for (const [, other = ''] of JSON.stringify(schema).matchAll(/#\/components\/schemas\/(\w+)/g)) add(other);
  };
  for (const name of ['Vitals', 'RuntimeStatus', 'RunningCommand']) add(name);
  return Object.fromEntries(found);
}

const problemSchema = {
  type: 'object',
  description: 'A problem document (RFC 9457).',
  properties: {
    type: { type: 'string', description: 'A tag URI that ends in the code.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: {
      type: 'string',
      description: Object.entries(fleetProblems)
        .map(([code, { status, title }]) => `- \`${code}\` (${status}): ${title}`)
        .join('\n'),
      examples: Object.keys(fleetProblems),
    },
    detail: { type: 'string', description: 'What happened in this case.' },
    remedy: { type: 'string', description: 'What to do about it.' },
    issues: {
      type: 'array',
      description: 'Of a malformed request: each place, and the rule that it breaks.',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, rule: { type: 'string' } },
        required: ['path', 'rule'],
      },
    },
    candidates: {
      type: 'array',
      description: 'What there is to choose from.',
      items: { type: 'string' },
    },
  },
  required: ['type', 'title', 'status', 'code', 'detail', 'remedy'],
};

const introduction = `What operators see of a fleet and do to it. Times are milliseconds since 1970, durations are milliseconds.

Answers may get further members: ignore those that you do not know. Requests may not have members or parameters that are not \
described here.

Where a path ends in an ID that does not exist yet, you choose it: a random UUID. The same request again has the same answer, so \
a request that got none can be repeated.`;
