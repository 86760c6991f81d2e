import type { NodeStore } from '../../fleet/node-store.js';
import type { Death, NodeStoreBehaviour, OpenedStore } from './behaviour.js';
import { NOW_MS, runtimeStatus } from './fixtures.js';
import { callsOf, type RaceCalls } from './race-calls.js';
import { type Race, runRace } from './race.js';
import { seededRandom } from './seeded-random.js';

/** Long after every current request has ended. */
const MUCH_LATER_MS = NOW_MS + 24 * 3_600_000;

/** By the operation in which the process dies. The first contender is the one that dies. */
const deaths: Record<string, readonly ((calls: RaceCalls) => Race)[]> = {
  'creates a node': [
    // The node retries, and then another node registers.
    (calls) => ({
      setUp: withTokens(calls, { maxUses: 1 }),
      contenders: [[calls.create('a')]],
      afterwards: [
        calls.token('t'),
        calls.find('a'),
        calls.create('a'),
        calls.find('a'),
        calls.create('b'),
        ...end(calls),
      ],
    }),
    // Only other nodes register.
    (calls) => ({
      setUp: withTokens(calls, { maxUses: 2 }),
      contenders: [[calls.create('a')]],
      afterwards: [calls.create('b'), calls.create('c'), calls.create('d'), ...end(calls)],
    }),
    // No node registers for a long time.
    (calls) => ({
      setUp: withTokens(calls, { maxUses: 2 }),
      contenders: [[calls.create('a')]],
      afterwards: [calls.tidy(MUCH_LATER_MS), calls.create('b'), calls.create('c'), ...end(calls), calls.create('a')],
    }),
    // Other nodes register at the same time. The same node registers with another process and another join token, too.
    (calls) => ({
      setUp: withTokens(calls, { maxUses: 1 }, { maxUses: 1 }),
      contenders: [
        [calls.create('a')],
        [calls.create('a'), calls.find('a')],
        [calls.create('b')],
        [calls.create('a', { joinTokenId: 'u' })],
      ],
      afterwards: [calls.create('a'), calls.create('c'), calls.create('d', { joinTokenId: 'u' }), ...end(calls)],
    }),
  ],
  'creates a node that waits for approval': [
    (calls) => ({
      setUp: withTokens(calls, { maxUses: 9, maxPending: 1 }),
      contenders: [[calls.create('a')]],
      afterwards: [
        calls.create('b'),
        calls.create('a'),
        calls.find('a'),
        calls.find('b'),
        calls.remove('a'),
        calls.create('c'),
        calls.create('d'),
        ...end(calls),
      ],
    }),
    (calls) => ({
      setUp: withTokens(calls, { maxUses: 3, maxPending: 2 }),
      contenders: [
        [calls.create('a')],
        [calls.create('a')],
        [calls.create('b'), calls.remove('b')],
        [calls.create('c')],
      ],
      afterwards: [calls.create('d'), calls.tidy(MUCH_LATER_MS), calls.create('e'), ...end(calls)],
    }),
  ],
  'removes a node': [
    (calls) => ({
      setUp: withNode(calls),
      contenders: [[calls.remove('a')], [calls.create('a', { revision: 7 })], [calls.report('a', 2)]],
      afterwards: [calls.create('a', { revision: 7 }), calls.history('a', 'hours'), calls.status('a'), ...end(calls)],
    }),
  ],
  'changes a node': [
    (calls) => ({
      setUp: withNode(calls),
      contenders: [[calls.rotate('a', 'one')], [calls.rotate('a', 'other')]],
      afterwards: [calls.findByToken('one'), calls.findByToken('other'), ...end(calls)],
    }),
    (calls) => ({
      setUp: withNode(calls),
      contenders: [[calls.report('a', 2, { status: runtimeStatus('a'), statusHash: 'h' })], [calls.report('a', 3)]],
      afterwards: [calls.report('a', 2), calls.status('a'), calls.history('a', 'hours'), ...end(calls)],
    }),
  ],
  'deals with a command': [
    (calls) => ({
      setUp: withNode(calls),
      contenders: [[calls.queue('a', 'c')]],
      afterwards: [calls.find('a'), calls.queue('a', 'c'), calls.offer('a', NOW_MS), ...end(calls)],
    }),
    (calls) => ({
      setUp: withCommand(calls),
      contenders: [[calls.finish('a', { id: 'c', outcome: 'failed' }, NOW_MS)], [calls.offer('a', NOW_MS)]],
      afterwards: [calls.finish('a', { id: 'c', outcome: 'succeeded' }, NOW_MS), ...end(calls)],
    }),
    (calls) => ({
      setUp: withCommand(calls),
      contenders: [[calls.cancel('a', 'c', NOW_MS)], [calls.offer('a', NOW_MS + 1)]],
      afterwards: [calls.cancel('a', 'c', NOW_MS + 2), calls.offer('a', NOW_MS + 3), ...end(calls)],
    }),
  ],
  'revokes a join token': [
    (calls) => ({
      setUp: withTokens(calls, { maxUses: 9 }),
      contenders: [[calls.revokeToken('t', NOW_MS)], [calls.create('a')]],
      afterwards: [calls.create('b'), calls.revokeToken('t', NOW_MS + 1), ...end(calls)],
    }),
  ],
};

function withTokens(calls: RaceCalls, t: Parameters<RaceCalls['add']>[1], u?: Parameters<RaceCalls['add']>[1]) {
  return async (store: NodeStore): Promise<void> => {
    await calls.add('t', t).run(store);
    if (u) await calls.add('u', u).run(store);
  };
}

function withNode(calls: RaceCalls) {
  return async (store: NodeStore): Promise<void> => {
    for (const call of [calls.add('t'), calls.create('a'), calls.report('a', 1)]) await call.run(store);
  };
}

function withCommand(calls: RaceCalls) {
  return async (store: NodeStore): Promise<void> => {
    await withNode(calls)(store);
    await calls.queue('a', 'c').run(store);
  };
}

/** The data at the end. */
function end(calls: RaceCalls) {
  return [
    ...['a', 'b', 'c', 'd', 'e'].map((id) => calls.find(id)),
    calls.commands('a'),
    ...['t', 'u'].map((id) => calls.token(id)),
  ];
}

const STEPS_MAX = 1000;

/** An operation in which a process dies has taken place or not. It is never half done, and costs no use of a join token. */
export const deathBehaviours: readonly NodeStoreBehaviour[] = Object.entries(deaths).map(([name, kinds]) => ({
  name: `leaves nothing half done when a process dies while it ${name}`,
  async run(openStore) {
    const opened = await openStore();
    try {
      for (const [index, kind] of kinds.entries()) {
        for (const isCarriedOut of [false, true]) {
          let atStep = 0;
          const run = () =>
            runDeath(opened, kind(callsOf(`${index}-${atStep}-${isCarriedOut}`)), { atStep, isCarriedOut });
          while (await run()) {
            atStep += 1;
            if (atStep > STEPS_MAX) throw new Error(`the operation has not ended after ${STEPS_MAX} steps`);
          }
        }
      }
    } finally {
      await opened.close();
    }
  },
}));

/** Resolves with whether the process died before it was done. */
async function runDeath({ store, openDoomed }: OpenedStore, race: Race, death: Death): Promise<boolean> {
  const opened = await openDoomed?.(death);
  if (!opened) return false;
  try {
    return await runRace([store], race, { random: seededRandom(death.atStep), doomed: opened.store });
  } finally {
    await opened.close();
  }
}
