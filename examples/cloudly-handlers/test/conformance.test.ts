import { createJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { operatorOf } from '@serve.zone/baseos-cloudly-conformance/fixtures/operator-of';
import { runConformance } from '@serve.zone/baseos-cloudly-conformance/run-conformance';
import { describe, expect, test, vi } from 'vitest';
import { createEmulatedNode } from './emulated-node.js';
import { examplePrograms, isInstalled } from './example-program.js';
import { startOpened } from './kit/start-opened.js';

// Each is a whole run.
vi.setConfig({ testTimeout: 180_000 });

const DAY_MS = 24 * 3_600_000;

// What is not installed is told by the tests of the examples.
describe.for(examplePrograms.filter(isInstalled))('a Cloudly of the handlers in $name', (program) => {
  test('passes every rule of the conformance kit that applies there', async () => {
    const cloudly = await startOpened(program);
    const { url, store, now, pass, backUp, restore } = cloudly;
    const results = await runConformance({
      url,
      ...(await joinTokensIn(cloudly)),
      operator: { ...operatorOf(store, now), backUp, restore },
      slow: true,
      wait: pass,
    });
    expect(results.length).toBeGreaterThan(90);
    const broken = results.filter(({ name }) => program.breaks?.includes(name));
    expect(broken.map(({ name, verdict }) => [name, verdict])).toEqual(
      program.breaks?.map((name) => [name, 'fails']) ?? [],
    );
    expect(results.filter((result) => result.verdict !== 'holds' && !broken.includes(result))).toEqual([]);
  });
});

/** One join token of each kind that the kit can be given. */
async function joinTokensIn({ url, store, now, pass }: Awaited<ReturnType<typeof startOpened>>) {
  const mint = async (particulars: Parameters<typeof createJoinToken>[1]) =>
    await createJoinToken(store(), { uses: 1000, expiresInMs: 10_000 * DAY_MS, now, ...particulars });
  const [good, approval, expired, used, revoked, counted] = await Promise.all([
    mint({}),
    mint({ requiresApproval: true }),
    mint({ expiresInMs: 1 }),
    mint({ uses: 1 }),
    mint({}),
    mint({ uses: 2 }),
  ]);
  await store().revokeJoinToken(revoked.record.id, now());
  await pass(1);
  await createEmulatedNode(url).register(used.joinToken);
  return {
    joinToken: good.joinToken,
    tokens: {
      approvalJoinToken: approval.joinToken,
      expiredJoinToken: expired.joinToken,
      usedJoinToken: used.joinToken,
      revokedJoinToken: revoked.joinToken,
      countedJoinToken: counted.joinToken,
    },
  };
}
