import { type JudgedProblem, readToken, type TokenReading } from '@serve.zone/baseos-contracts';
import { addOrFindJoinToken } from '../../fleet/add-or-find-join-token.js';
import type { HandlerContext } from '../../context/handler-context.js';
import { isSameHash, sha256Hex } from '../../fleet/hash.js';
import { joinTokenState, LATEST_INSTANT_MS } from '../../fleet/join-token.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import type { VerifiedJoinToken } from '../../context/verify-join-token.js';

export type JudgedJoinToken =
  | { ok: true; joinToken: JoinTokenRecord }
  /** With the record if the token is genuine but no longer admits nodes. */
  | { ok: false; problem: JudgedProblem; joinToken?: JoinTokenRecord };

/** Whether this join token admits a new node; counts no use. */
export async function judgeJoinToken(
  bearer: string | undefined,
  nodeId: string,
  context: HandlerContext,
): Promise<JudgedJoinToken> {
  if (bearer === undefined) return { ok: false, problem: { code: 'join-token-missing' } };

  const verdict = await context.verifyJoinToken?.(bearer, { nodeId });
  if (verdict) {
    if (verdict.ok) return judgeState(await recordOf(verdict.joinToken, context), context.now());
    const { code, detail } = verdict;
    return { ok: false, problem: { code, ...(detail !== undefined && { detail }) } };
  }

  const reading = readToken('join', bearer);
  if (reading.kind !== 'well-formed') return unknown(details[reading.kind]);
  const joinToken = await context.store.findJoinToken(reading.id);
  if (!joinToken || !isSameHash(joinToken.hash, await sha256Hex(bearer))) return unknown();
  return judgeState(joinToken, context.now());
}

function judgeState(joinToken: JoinTokenRecord, nowMs: number): JudgedJoinToken {
  const state = joinTokenState(joinToken, nowMs);
  return state === 'usable'
    ? { ok: true, joinToken }
    : { ok: false, problem: { code: `join-token-${state}` }, joinToken };
}

/** The store counts the uses of a foreign join token like those of its own, and keeps its revocation. */
async function recordOf(verified: VerifiedJoinToken, context: HandlerContext): Promise<JoinTokenRecord> {
  const known = await context.store.findJoinToken(verified.id);
  if (known) return known;
  return addOrFindJoinToken(context.store, {
    id: verified.id,
    // No text has this hash.
    hash: `verified elsewhere: ${verified.id}`,
    createdAtMs: context.now(),
    expiresAtMs: verified.expiresAtMs ?? LATEST_INSTANT_MS,
    maxUses: verified.maxUses ?? Number.MAX_SAFE_INTEGER,
    usedCount: 0,
    requiresApproval: verified.requiresApproval ?? false,
    ...(verified.maxPending !== undefined && { maxPending: verified.maxPending }),
  });
}

const details = {
  mistyped: 'The token has a typo: a character is missing or wrong.',
  'other-kind': 'This is a node token or one of an operator; a join token starts with bjt_.',
  foreign: 'This is not a join token, which starts with bjt_.',
} as const satisfies Record<Exclude<TokenReading['kind'], 'well-formed'>, string>;

function unknown(detail?: string): JudgedJoinToken {
  return {
    ok: false,
    problem: { code: 'join-token-unknown', ...(detail !== undefined && { detail }) },
  };
}
