import {
  type AnyEndpointName,
  endpoints,
  problemDocument,
  type ProblemCode,
  problems,
  wakeEndpoint,
} from '@serve.zone/baseos-contracts';
import type { NodeStore } from '@serve.zone/baseos-cloudly-handlers';
import { isObject, jsonObjectOf } from '../src/exchange/answer.js';

export type Fetch = (request: Request) => Promise<Response>;

/** A Cloudly with access to its internals. */
export interface Inside {
  store: NodeStore;
  tokens: Readonly<Record<'good' | 'approval' | 'expired' | 'used' | 'revoked' | 'counted', string>>;
  /** Told when the operator has something done. */
  onAsk: (listener: (act: string, about: Record<string, string>) => void) => void;
}

/** Puts something between a Cloudly and its nodes. Called once for each Cloudly, so that it may remember. */
export type Alter = (next: Fetch, inside: Inside) => Fetch;

/** The nodes about which the operator asks for this act, from now on. */
export function nodesAsked({ onAsk }: Pick<Inside, 'onAsk'>, asked: string): Set<unknown> {
  const nodeIds = new Set<unknown>();
  onAsk((act, { nodeId }) => void (act === asked && nodeIds.add(nodeId)));
  return nodeIds;
}

/** The boot that stays by the operator's last word, by node. */
export function keptBoots({ onAsk }: Pick<Inside, 'onAsk'>): Map<unknown, unknown> {
  const boots = new Map<unknown, unknown>();
  onAsk((act, { nodeId, bootId }) => void (act === 'resolveClone' && boots.set(nodeId, bootId)));
  return boots;
}

export function endpointOf(request: Request): AnyEndpointName {
  const { pathname } = new URL(request.url);
  if (pathname.endsWith(wakeEndpoint.path)) return 'wake';
  return pathname.endsWith(endpoints.register.path) ? 'register' : 'heartbeat';
}

export function isRegistration(request: Request): boolean {
  return endpointOf(request) === 'register';
}

export function bearerOf(request: Request): string | undefined {
  return /^bearer (?<token>\S+)$/i.exec(request.headers.get('authorization') ?? '')?.groups?.['token'];
}

/** What a request says, read from a copy; empty when that is no JSON object. */
export async function messageOf(request: Request): Promise<Record<string, unknown>> {
  return jsonObjectOf(await textOf(request));
}

export async function textOf(request: Request): Promise<string> {
  // The kit announces a body of this length with a bad token, and never sends it.
  const isWithheld = request.headers.get('content-length') === '14' && bearerOf(request) === 'nonsense';
  if (request.body === null || isWithheld) return '';
  return request.clone().text();
}

/** Reads another text than the one that came. */
export function replacing(pattern: string | RegExp, replacement: string | ((place: string) => string)): Alter {
  return (next) => async (request) => {
    const text = await textOf(request);
    const other = text.replaceAll(pattern, replacement as string);
    return next(other === text || text.includes('\ufffd') ? request : withText(request, other));
  };
}

/** The request with another text in it. */
export function withText(
  request: Request,
  body: string | Uint8Array<ArrayBuffer>,
  changes: Record<string, string> = {},
): Request {
  const headers = new Headers(request.headers);
  headers.delete('content-length');
  headers.delete('transfer-encoding');
  for (const [name, value] of Object.entries(changes)) headers.set(name, value);
  return new Request(request.url, { method: request.method, headers, body });
}

export function withBearer(request: Request, token: string): Request {
  const headers = new Headers(request.headers);
  headers.set('authorization', `Bearer ${token}`);
  return new Request(request, { headers });
}

/** The answer with its JSON, status or headers changed; an answer of another form stays as it is. */
export async function changed(
  response: Response,
  change: (json: Record<string, unknown>) => Record<string, unknown>,
  { status = response.status, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Promise<Response> {
  const json: unknown = await response.json();
  const merged = new Headers({ ...Object.fromEntries(response.headers), ...headers });
  merged.delete('content-length');
  return new Response(JSON.stringify(isObject(json) ? change(json) : json), { status, headers: merged });
}

export async function codeOf(response: Response): Promise<unknown> {
  return jsonObjectOf(await response.clone().text())['code'];
}

function issuer() {
  return { cloudlyId: CLOUDLY_ID, serverTime: new Date().toISOString() };
}

export const CLOUDLY_ID = 'cloudly-under-test';

export function problem(code: ProblemCode, more: object = {}): Response {
  return new Response(JSON.stringify({ ...problemDocument({ code }, issuer()), ...more }), {
    status: problems[code].status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problems[code].status === 401 && { 'www-authenticate': 'Bearer realm="baseos"' }),
    },
  });
}

/** A successful answer, whether or not it is true. */
export function success(status: 200 | 201, members: object): Response {
  return new Response(JSON.stringify({ protocol: 1, ...issuer(), accepted: true, ...members }), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

/** An unknown token. */
export function someToken(): string {
  return `bnt_${'0'.repeat(11)}_${crypto.randomUUID().replaceAll('-', '')}${'0'.repeat(17)}`;
}
