import { type BodyAttack, bodyAttacks, headTo, type Target } from './body-attacks.js';
import { type ApiRoute, targetOf } from './api-routes.js';
import type { Bytes, Pieces } from './raw-exchange.js';
import { json, sqlInjection } from './request-bytes.js';
import { wellFormedToken } from './well-formed-token.js';

/** An attack on one route. */
export interface RouteAttack {
  name: string;
  bytes: Pieces;
  /** The statuses and codes with which it may be refused. */
  refusals: readonly (readonly [status: number, code?: string])[];
  mayBeCutOff?: boolean | undefined;
}

/** Who attacks: an admin, because a stranger gets nowhere. */
export interface Attacker {
  host: string;
  token: string;
  joinToken: string;
}

/** Everything that is tried on a route. */
export function attacksOn(route: ApiRoute, attacker: Attacker): RouteAttack[] {
  return [
    ...(route.method === 'GET' ? queriesFor(route, attacker) : bodiesFor(route, attacker)),
    ...(route.path.includes('{') ? namesFor(route, attacker) : []),
    ...(route.needsCredentials ? credentialsFor(route, attacker) : []),
    {
      name: 'a method that it does not have',
      bytes: [headTo(targetFor(route, attacker, { method: 'PROPFIND' }), { 'Content-Length': 0 })],
      refusals: [[405, 'method-not-allowed']],
    },
  ];
}

function targetFor(route: ApiRoute, { host, token }: Attacker, changes: Partial<Target> = {}): Target {
  const own = route.needsCredentials ? token : undefined;
  return { method: route.method, path: targetOf(route), host, token: own, message: '{}', ...changes };
}

/** A request that is whole. */
function wholeTo(route: ApiRoute, target: Target): Bytes[] {
  if (!route.hasBody) return [headTo(target, { 'Content-Length': 0 })];
  return [headTo(target, { ...json, 'Content-Length': Buffer.byteLength(target.message) }), target.message];
}

const refusalOfBody = {
  malformed: [400, 'malformed-request'],
  tooLarge: [413, 'content-too-large'],
  unsupported: [415, 'unsupported-media-type'],
} as const satisfies Record<BodyAttack['refusal'], unknown>;

/** Where nobody needs credentials, a browser has to say which website it shows. */
const refusedOrigin = [403, 'origin-refused'] as const;

function bodiesFor(route: ApiRoute, attacker: Attacker): RouteAttack[] {
  const possible = bodyAttacks.filter(({ name }) => !(route.isBodyOptional && name === 'nothing'));
  return possible.map(({ name, bytes, refusal, mayBeCutOff }) => ({
    name,
    bytes: bytes(targetFor(route, attacker)),
    refusals: [refusalOfBody[refusal], ...(route.needsCredentials ? [] : [refusedOrigin])],
    mayBeCutOff,
  }));
}

/** Names that nothing has. What a route makes of one that has the form of a name is its own affair. */
const strangeNames: readonly (readonly [what: string, encoded: string])[] = [
  ['SQL', encodeURIComponent(sqlInjection)],
  ['a path', '..%2f..%2f..%2fetc%2fpasswd'],
  ['U+0000', 'a%00b'],
  ['a line break', 'a%0d%0aX-Injected:%201'],
  ['no UTF-8', '%ff%fe'],
  ['a surrogate', '%ed%a0%80'],
  ['half an escape', '%2'],
  ['a name of JavaScript', '__proto__'],
  ['a very long text', 'x'.repeat(4000)],
  ['nothing', ''],
];

const refusalsOfNames = [
  [400, 'malformed-request'],
  // A token has no sessions.
  [403, 'session-needed'],
  [404],
  [409],
  [422],
  // A path in words may be what is left.
  [405, 'method-not-allowed'],
] as const;

function namesFor(route: ApiRoute, attacker: Attacker): RouteAttack[] {
  return strangeNames.map(([what, encoded]) => ({
    name: `${what} as a name in its path`,
    bytes: wholeTo(route, targetFor(route, attacker, { path: targetOf(route, encoded) })),
    refusals: refusalsOfNames,
  }));
}

const strangeQueries = [
  '__proto__=1',
  'constructor[prototype][isAdmin]=1',
  'limit=1e999',
  'limit=10&limit=10',
  'limit=-1',
  'after=%00',
  'after=%ff',
  `nodeId=${encodeURIComponent(sqlInjection)}%00`,
  'kinds=x',
  `${'x'.repeat(2000)}=1`,
];

function queriesFor(route: ApiRoute, attacker: Attacker): RouteAttack[] {
  return strangeQueries.map((query) => ({
    name: `?${query.slice(0, 40)}`,
    bytes: wholeTo(route, targetFor(route, attacker, { path: `${targetOf(route)}?${query}` })),
    refusals: [[400, 'malformed-request'], [404], [422]],
  }));
}

function credentialsFor(route: ApiRoute, attacker: Attacker): RouteAttack[] {
  const tokens: readonly (readonly [string, string | undefined])[] = [
    ['no credentials', undefined],
    ['a join token', attacker.joinToken],
    ['a guessed node token', wellFormedToken('bnt')],
    ['SQL as a token', `'/**/OR/**/1=1--`],
    ['a token that is cut short', attacker.token.slice(0, -1)],
  ];
  return tokens.map(([name, token]) => ({
    name,
    bytes: wholeTo(route, targetFor(route, attacker, { token })),
    refusals: [[401, 'unauthenticated']],
  }));
}
