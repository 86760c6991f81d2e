import type { JudgedProblem } from '@serve.zone/baseos-contracts';
import { bearerOf } from './bearer.js';
import type { FleetStore } from './fleet-store.js';
import { isSameHash, sha256Hex } from './hash.js';
import type { JoinTokenRecord } from './join-token-record.js';
import { joinTokenState } from './join-token.js';
import { readToken, type TokenReading } from './token.js';

export type JudgedJoinToken = { ok: true; joinToken: JoinTokenRecord } | { ok: false; problem: JudgedProblem };

/** Whether the request brings a join token that lets a new node in; takes no use of it. */
export const judgeJoinToken = async (request: Request, store: FleetStore, nowMs: number): Promise<JudgedJoinToken> => {
  const bearer = bearerOf(request);
  if (bearer === undefined) return { ok: false, problem: { code: 'join-token-missing' } };

  const reading = readToken('join', bearer);
  if (reading.kind !== 'well-formed') return unknown(details[reading.kind]);
  const joinToken = await store.findJoinToken(reading.id);
  if (!joinToken || !isSameHash(joinToken.hash, await sha256Hex(bearer))) return unknown();

  const state = joinTokenState(joinToken, nowMs);
  return state === 'usable' ? { ok: true, joinToken } : { ok: false, problem: { code: `join-token-${state}` } };
};

const details = {
  mistyped: 'The token is mistyped: a character is missing or wrong.',
  'other-kind': 'This is a node token; a join token starts with bjt_.',
  foreign: 'This is no join token of a Cloudly; one starts with bjt_.',
} as const satisfies Record<Exclude<TokenReading['kind'], 'well-formed'>, string>;

const unknown = (detail?: string): JudgedJoinToken => ({
  ok: false,
  problem: { code: 'join-token-unknown', ...(detail !== undefined && { detail }) },
});
