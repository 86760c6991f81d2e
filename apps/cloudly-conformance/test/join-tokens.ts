import { createJoinToken, type NodeStore } from '@serve.zone/baseos-cloudly-handlers';
import { endpoints } from '@serve.zone/baseos-contracts';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { JOIN_TOKEN_USES } from '../src/run/join-token-uses.js';
import type { ConformanceOptions } from '../src/run/run-conformance.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How often the kit uses them at most. */
const kitUses = { good: JOIN_TOKEN_USES, approval: 4 };

type JoinTokens = Required<Pick<ConformanceOptions, 'joinToken'>> & {
  tokens: Required<NonNullable<ConformanceOptions['tokens']>>;
};

/**
 * One join token of each kind that the kit can be given. What was used up or revoked has expired, too: the first that
 * happened to it is what Cloudly answers.
 */
export async function createJoinTokens(
  store: NodeStore,
  {
    now,
    pass,
    serve = fetch,
    url = 'http://localhost',
    uses = kitUses,
  }: {
    now: () => number;
    pass: (durationMs: number) => unknown;
    serve?: (request: Request) => Promise<Response>;
    url?: string;
    uses?: { good: number; approval: number };
  },
): Promise<JoinTokens> {
  const mint = (particulars: Parameters<typeof createJoinToken>[1]) =>
    createJoinToken(store, { expiresInMs: 10_000 * DAY_MS, now, ...particulars });
  const [good, approval, counted, expired, used, revoked] = await Promise.all([
    mint({ uses: uses.good }),
    mint({ uses: uses.approval, requiresApproval: true }),
    mint({ uses: 2 }),
    mint({ uses: 1, expiresInMs: 1 }),
    mint({ uses: 1, expiresInMs: HOUR_MS }),
    mint({ uses: 1, expiresInMs: HOUR_MS }),
  ]);
  for (const { joinToken } of [used, revoked]) await serve(registrationWith(joinToken, url));
  await store.revokeJoinToken(revoked.record.id, now());
  await pass(HOUR_MS);
  return {
    joinToken: good.joinToken,
    tokens: {
      approvalJoinToken: approval.joinToken,
      countedJoinToken: counted.joinToken,
      expiredJoinToken: expired.joinToken,
      usedJoinToken: used.joinToken,
      revokedJoinToken: revoked.joinToken,
    },
  };
}

function registrationWith(joinToken: string, url: string): Request {
  return new Request(url + endpoints.register.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${joinToken}` },
    body: JSON.stringify(createEmulatedNode().registration()),
  });
}
