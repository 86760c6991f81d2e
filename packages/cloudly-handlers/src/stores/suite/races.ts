import { COMMANDS_KEPT_MS } from '../../fleet/node-store.js';
import type { Call } from './find-order.js';
import { NOW_MS, runtimeStatus } from './fixtures.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import type { RaceCalls } from './race-calls.js';
import type { Race } from './race.js';

type Random = () => number;
type MakeRace = (calls: RaceCalls, random: Random) => Race;

/** Races by topic, several kinds for each. */
export const races: Record<string, readonly MakeRace[]> = {
  'nodes that register at once': [
    // The last use, and one node that retries.
    (calls, random) =>
      newNodes(calls, { t: { maxUses: 1 } }, [...several(random, 3, 5, () => [calls.create('a')]), seeing(calls, 'a')]),
    // More nodes than uses, some of them twice.
    (calls, random) =>
      newNodes(
        calls,
        { t: { maxUses: 2 } },
        several(random, 6, 8, () => [calls.create(oneOf(random, ['a', 'b', 'c']), approved)]),
      ),
    // One node with two join tokens.
    (calls, random) =>
      newNodes(
        calls,
        { t: { maxUses: 1 }, u: { maxUses: 1 } },
        several(random, 4, 6, () => [
          calls.create(oneOf(random, ['a', 'a', 'b']), { joinTokenId: oneOf(random, ['t', 'u']) }),
        ]),
      ),
    // A node that is removed and registers again.
    (calls, random) =>
      newNodes(calls, { t: { maxUses: 3 } }, [
        ...several(random, 3, 4, () => [calls.create('a')]),
        ...several(random, 2, 3, () => [calls.remove('a')]),
        [calls.create('b')],
      ]),
  ],

  'nodes whose join token is revoked meanwhile': [
    (calls, random) =>
      newNodes(calls, { t: { maxUses: 9 } }, [
        ...several(random, 4, 5, () => [calls.create(oneOf(random, ['a', 'b', 'c', 'd']))]),
        [calls.revokeToken('t', NOW_MS), calls.create('e')],
      ]),
  ],

  'nodes that wait for approval': [
    // More nodes than places.
    (calls, random) =>
      newNodes(
        calls,
        { t: { maxUses: 9, requiresApproval: true, maxPending: 2 } },
        several(random, 5, 7, () => [calls.create(oneOf(random, ['a', 'b', 'c', 'd']))]),
      ),
    // Places become free meanwhile.
    (calls, random) =>
      newNodes(
        calls,
        { t: { maxUses: 9, requiresApproval: true, maxPending: 1 } },
        [
          ...several(random, 3, 4, () => [calls.create(oneOf(random, ['b', 'c', 'd']))]),
          oneOf(random, [
            [calls.replace('a', approved)],
            [calls.replace('a', revoked), calls.replace('a', { revision: 2 })],
            [calls.remove('a')],
          ]),
        ],
        ['a'],
      ),
    // The last use and the last place.
    (calls, random) =>
      newNodes(calls, { t: { maxUses: 3, requiresApproval: true, maxPending: 2 } }, [
        ...several(random, 4, 5, () => [calls.create(oneOf(random, ['a', 'b', 'c']))]),
        [calls.create('d', approved)],
        [calls.replace('a', approved)],
      ]),
  ],

  'changes of one node': [
    // Reports, processes that take over, rotations, a revocation.
    (calls, random) =>
      oneNode(
        calls,
        several(random, 6, 8, (index) => [
          oneOf(random, [
            calls.report('n', 1 + Math.floor(random() * 6), { status: runtimeStatus('a'), statusHash: 'h' }),
            calls.report('n', 1 + Math.floor(random() * 6)),
            calls.report('n', 1, { bootId: 'boot-2' }),
            calls.replace('n', { bootId: 'boot-2' }),
            calls.replace('n', { ...revoked, bootId: 'boot-1' }),
            calls.rotate('n', `${index}`),
          ]),
          oneOf(random, [calls.find('n'), calls.status('n'), calls.history('n', 'hours')]),
        ]),
      ),
    // Many rotations from one revision.
    (calls, random) =>
      oneNode(
        calls,
        several(random, 4, 6, (index) => [
          calls.rotate('n', `${index}`),
          calls.findByToken(`${index}`),
          calls.find('n'),
        ]),
      ),
  ],

  // The new node shows nothing of the old one.
  'a node that is forgotten and registers again': [
    (calls, random) =>
      oneNode(calls, [
        ...several(random, 4, 5, () => [
          oneOf(random, [
            calls.report('n', 3, { status: runtimeStatus('a') }),
            calls.queue('n', 'c'),
            calls.replace('n', { approvedAtMs: NOW_MS }),
          ]),
          oneOf(random, [calls.find('n'), calls.commands('n')]),
        ]),
        [calls.remove('n'), calls.create('n', { revision: 7 })],
        [calls.create('n', { revision: 7 })],
      ]),
    // An operation on the old node must not affect the new one.
    (calls, random) =>
      oneNode(calls, [
        ...several(random, 5, 6, (index) => [
          oneOf(random, [calls.queue('n', `${index}`), calls.rotate('n', `${index}`), calls.report('n', 3)]),
        ]),
        [calls.remove('n'), calls.create('n', { revision: 7 }), calls.find('n')],
        [calls.remove('n'), calls.create('n', { revision: 70 }), calls.find('n')],
      ]),
  ],

  // Dropped data is not visible, because a store need not drop all of it at once.
  'changes of a node that is tidied': [
    (calls, random) => ({
      async setUp(store) {
        await calls.add('t').run(store);
        await calls.create('n').run(store);
        await calls.queue('n', 'old', { expiresAtMs: NOW_MS - COMMANDS_KEPT_MS }).run(store);
        await calls.queue('n', 'c').run(store);
      },
      contenders: [
        [calls.tidy(NOW_MS)],
        ...several(random, 4, 6, (index) => [
          oneOf(random, [
            calls.report('n', index + 1),
            calls.rotate('n', `${index}`),
            calls.finish('n', { id: 'c', outcome: 'succeeded' }, NOW_MS + index),
            calls.queue('n', 'd', { expiresAtMs: NOW_MS + 90_000 }),
          ]),
        ]),
      ],
      afterwards: [calls.find('n'), calls.offer('n', NOW_MS), calls.history('n', 'hours')],
    }),
  ],

  'one command': [
    // It is offered, cancelled and finished.
    (calls, random) =>
      oneNode(
        calls,
        several(random, 6, 8, (index) => [
          oneOf(random, [
            calls.cancel('n', 'c', NOW_MS + index),
            calls.offer('n', NOW_MS + index),
            calls.offer('n', NOW_MS + index),
            calls.finish('n', { id: 'c', outcome: 'succeeded', durationMs: index }, NOW_MS + index),
          ]),
          ...(random() < 0.3 ? [calls.findCommand('n', 'c')] : []),
        ]),
        ['c'],
      ),
    // The node names it, until it is finished.
    (calls, random) =>
      oneNode(
        calls,
        several(random, 5, 7, (index) => [
          oneOf(random, [
            calls.name('n', 'c', oneOf(random, ['postponed', 'installing']), NOW_MS + index),
            calls.name('n', 'c', 'verifying', NOW_MS + index),
            calls.offer('n', NOW_MS + index),
            calls.cancel('n', 'c', NOW_MS + index),
            calls.finish('n', { id: 'c', outcome: 'failed', durationMs: index }, NOW_MS + index),
          ]),
          ...(random() < 0.3 ? [calls.commands('n')] : []),
        ]),
        ['c'],
      ),
    // More are queued than may be due, while others are cancelled.
    (calls, random) =>
      oneNode(
        calls,
        [
          ...several(random, 4, 6, (index) => [calls.queueUpTo('n', `${index}`, 2)]),
          [calls.cancel('n', 'c', NOW_MS), calls.commands('n')],
        ],
        ['c'],
      ),
    // It is queued more than once, and its node may be removed.
    (calls, random) =>
      oneNode(calls, [
        ...several(random, 4, 6, (index) => [
          oneOf(random, [
            calls.queue('n', 'c', { expiresAtMs: NOW_MS + 1000 + index }),
            calls.offer('n', NOW_MS + index),
            calls.find('n'),
          ]),
        ]),
        ...several(random, 0, 1, () => [calls.remove('n')]),
      ]),
  ],

  'one join token': [
    (calls, random) => ({
      setUp: async () => undefined,
      contenders: several(random, 5, 7, (index) => [
        oneOf(random, [
          calls.add('t', { maxUses: index + 1 }),
          calls.add('t', { maxUses: index + 1 }),
          calls.revokeToken('t', NOW_MS + index),
        ]),
        calls.token('t'),
      ]),
      afterwards: [calls.token('t')],
    }),
  ],
};

const approved = { approvedAtMs: NOW_MS };
const revoked = { revokedAtMs: NOW_MS };

/** A reader that sees a use counted also sees the node that it admitted. */
function seeing(calls: RaceCalls, nodeId: string): Call[] {
  return [calls.token('t'), calls.find(nodeId), calls.token('t'), calls.find(nodeId)];
}

/** A race for the uses of join tokens. Afterwards nodes register until all uses are taken. */
function newNodes(
  calls: RaceCalls,
  joinTokens: Record<string, Partial<JoinTokenRecord>>,
  contenders: readonly (readonly Call[])[],
  nodeIds: readonly string[] = [],
): Race {
  return {
    async setUp(store) {
      for (const [id, changes] of Object.entries(joinTokens)) await calls.add(id, changes).run(store);
      for (const nodeId of nodeIds) await calls.create(nodeId).run(store);
    },
    contenders,
    afterwards: [
      ...Object.keys(joinTokens).flatMap((joinTokenId) => usedUp(calls, joinTokenId)),
      ...['a', 'b', 'c', 'd', 'e'].map((nodeId) => calls.find(nodeId)),
    ],
  };
}

/** Registers nodes one after the other, as many as there may be uses left. */
function usedUp(calls: RaceCalls, joinTokenId: string): Call[] {
  return [
    calls.token(joinTokenId),
    ...['w', 'x', 'y', 'z'].map((id) => calls.create(`${id}-${joinTokenId}`, { joinTokenId })),
    calls.token(joinTokenId),
  ];
}

/** A race for one node. */
function oneNode(calls: RaceCalls, contenders: readonly (readonly Call[])[], commandIds: readonly string[] = []): Race {
  return {
    async setUp(store) {
      await calls.add('t').run(store);
      await calls.create('n').run(store);
      for (const commandId of commandIds) await calls.queue('n', commandId).run(store);
    },
    contenders,
    afterwards: [
      calls.find('n'),
      calls.status('n'),
      calls.history('n', 'hours'),
      calls.commands('n'),
      calls.token('t'),
    ],
  };
}

/** From `min` to `max` of them. */
function several<Value>(random: Random, min: number, max: number, make: (index: number) => Value): Value[] {
  return Array.from({ length: min + Math.floor(random() * (max - min + 1)) }, (_, index) => make(index));
}

function oneOf<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new TypeError('There is nothing to choose from');
  return value;
}
