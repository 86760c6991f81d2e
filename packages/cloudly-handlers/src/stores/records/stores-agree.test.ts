import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stores } from '../../../test/fixtures/stores.js';
import type { NodeStore } from '../../fleet/node-store.js';
import type { NodeReport } from '../../fleet/node-report.js';
import { addNode, heartbeatReport, nodeRecord, runtimeStatus } from '../suite/fixtures.js';

const HOUR_MS = 3_600_000;

interface Sent {
  nodeId: string;
  bootId: string;
  sequence: number;
  receivedAtMs: number;
  status: string | undefined;
  hasVitals: boolean;
}

interface Round {
  /** The process whose reports are kept in this round; `undefined` for revoked nodes. */
  bootId: string | undefined;
  /** Simultaneous arrivals, in this order. */
  sent: readonly Sent[];
}

const anySent: fc.Arbitrary<Sent> = fc.record({
  nodeId: fc.constantFrom('a', 'b', 'unknown'),
  bootId: fc.constantFrom('boot-1', 'boot-2'),
  sequence: fc.nat(5),
  receivedAtMs: fc.constantFrom(0, 1, 299_999, 300_000, HOUR_MS, 2 * HOUR_MS),
  status: fc.constantFrom(undefined, 'x', 'y'),
  hasVitals: fc.boolean(),
});

const anyRounds: fc.Arbitrary<Round[]> = fc.array(
  fc.record({ bootId: fc.constantFrom('boot-1', 'boot-2', undefined), sent: fc.array(anySent, { maxLength: 8 }) }),
  { maxLength: 4 },
);

function reportOf({ bootId, sequence, receivedAtMs, status, hasVitals }: Sent): NodeReport {
  return heartbeatReport(sequence, {
    bootId,
    receivedAtMs,
    ...(status !== undefined && { status: runtimeStatus(status), statusHash: status }),
    ...(hasVitals && { vitals: { agentUptimeMs: receivedAtMs, agentRssBytes: sequence, failedHeartbeats: 0 } }),
  });
}

/** All that a store makes of the rounds. */
async function outcomeOf(store: NodeStore, rounds: readonly Round[]): Promise<unknown[]> {
  for (const nodeId of ['a', 'b']) await addNode(store, nodeRecord(nodeId, { bootId: 'boot-1' }));
  const outcome: unknown[] = [];
  for (const { bootId, sent } of rounds) {
    for (const nodeId of ['a', 'b']) {
      const found = await store.findNode(nodeId);
      if (!found) throw new Error(`${nodeId} is gone`);
      const { revokedAtMs: _lifted, ...node } = found.node;
      await store.replaceNode(bootId === undefined ? { ...node, revokedAtMs: 1 } : { ...node, bootId });
    }
    outcome.push(await Promise.all(sent.map((one) => store.saveReport(one.nodeId, reportOf(one)))));
  }
  for (const nodeId of ['a', 'b']) {
    outcome.push(await store.findNode(nodeId), await store.findStatus(nodeId));
    outcome.push(await store.listHistory(nodeId, 'detail'), await store.listHistory(nodeId, 'hours'));
  }
  return outcome;
}

test('all stores agree on reports that arrive at once, late, twice and with the clock set back', async () => {
  await fc.assert(
    fc.asyncProperty(anyRounds, async (rounds) => {
      const outcomes: unknown[][] = [];
      for (const { openStore } of stores) outcomes.push(await outcomeOf(await openStore(), rounds));
      for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    }),
    { numRuns: 25 },
  );
}, 120_000);
