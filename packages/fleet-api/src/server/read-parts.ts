import {
  issuesOf,
  isSafeText,
  type Issue,
  judgeRequestHead,
  type JudgedProblem,
  parseJsonMessage,
} from '@serve.zone/baseos-contracts';
import { webRequest } from '@serve.zone/baseos-cloudly-handlers/mounting';
import * as v from 'valibot';
import { FleetApiError } from '../problems/fleet-api-error.js';
import { parseQuery } from '../route/query-text.js';
import { parseRevision } from '../route/revision-tag.js';
import type { AnyRoute, Parts } from '../route/route.js';
import type { Visit } from '../route/service.js';

/**
 * What a request says.
 *
 * @throws FleetApiError for one that does not follow its route
 */
export async function readParts(
  route: AnyRoute,
  params: Record<string, string>,
  visit: Visit,
  bodyTimeoutMs: number,
): Promise<Parts> {
  const unsafe = Object.entries(params).find(([, value]) => !isSafeText(value));
  if (unsafe) throwMalformed([{ path: unsafe[0], rule: 'safe-text' }]);
  const { request } = visit;
  return {
    params,
    query: readQuery(route, request),
    revision: readRevision(route, request),
    body: await readBody(route, visit, bodyTimeoutMs),
  };
}

function readQuery({ query: entries }: AnyRoute, { url }: Request): unknown {
  const schema = v.strictObject(entries);
  const values = parseQuery(new URL(url).searchParams, entries);
  const parsed = v.safeParse(schema, values);
  if (!parsed.success) throwMalformed(issuesOf(parsed.issues, schema));
  const unsafe = Object.entries(values).find(([, value]) => [value].flat().some((each) => !isSafe(each)));
  return unsafe ? throwMalformed([{ path: unsafe[0], rule: 'safe-text' }]) : parsed.output;
}

function isSafe(value: unknown): boolean {
  return typeof value !== 'string' || isSafeText(value);
}

function readRevision({ takesRevision }: AnyRoute, { headers }: Request): number | undefined {
  const tag = headers.get('if-match');
  if (tag === null) return undefined;
  // Otherwise the change would be made although the condition was never judged.
  if (!takesRevision) throwMalformed([{ path: 'if-match', rule: 'not-supported' }]);
  return parseRevision(tag) ?? throwMalformed([{ path: 'if-match', rule: 'revision' }]);
}

async function readBody({ body: schema, method }: AnyRoute, visit: Visit, timeoutMs: number): Promise<unknown> {
  if (method === 'GET') return undefined;
  const { request, info } = visit;
  if (announcesBody(request)) judgeHead(request);
  const read = await webRequest(request, info).readBody(timeoutMs);
  if (!read.ok) return throwProblem(read.problem);
  if (read.bytes.byteLength === 0 && (!schema || v.is(schema, undefined))) return undefined;
  judgeHead(request);
  const parsed = parseJsonMessage(schema ?? v.strictObject({}), read.bytes);
  return parsed.ok ? parsed.value : throwProblem(parsed.problem);
}

/** Where a body may be left out, only one that comes needs a media type; one that comes is judged before it is read. */
function announcesBody({ headers }: Request): boolean {
  return headers.has('transfer-encoding') || Number(headers.get('content-length') ?? 0) > 0;
}

function judgeHead({ headers }: Request): void {
  // Its judgement of the method is for the protocol of nodes.
  const problem = judgeRequestHead({ method: 'POST', headers });
  if (problem) throwProblem(problem);
}

function throwProblem({ code, detail, issues = [] }: JudgedProblem): never {
  if (code === 'payload-too-large') {
    throw new FleetApiError('content-too-large', 'The body of the request is too large', {
      remedy: 'Send less at a time.',
    });
  }
  if (code === 'unsupported-media-type') {
    throw new FleetApiError('unsupported-media-type', detail?.replace(/\.$/, '') ?? 'The body is not plain JSON', {
      remedy: 'Send application/json in UTF-8 without Content-Encoding.',
    });
  }
  return throwMalformed(issues);
}

function throwMalformed(issues: readonly Issue[]): never {
  const places = issues.map(({ path, rule }) => (path === '' ? rule : `${path}: ${rule}`)).join(', ');
  throw new FleetApiError('malformed-request', `The request does not follow the API (${places})`, {
    remedy: 'Each place is followed by the rule that it breaks. Compare the request with the OpenAPI document.',
    issues,
  });
}
