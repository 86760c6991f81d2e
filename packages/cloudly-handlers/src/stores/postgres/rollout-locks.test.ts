import { randomUUID } from 'node:crypto';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { describe, expect, onTestFinished, test } from 'vitest';
import { shareResource } from '../../../../../test/shared-resources/shared-resource.js';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import { createSchemaPool } from '../../../test/fixtures/schema-pool.js';
import type { FleetStore, OperatorStore } from '../../fleet-store/fleet-store.js';
import type { SeenMember } from '../../fleet-store/rollout-member.js';
import type { RolloutChange } from '../../fleet-store/rollout-store.js';
import { openPostgresStore } from '../../postgres.js';
import { commandRecord, heartbeatReport, NOW_MS } from '../suite/fixtures.js';
import { addLabelled, asAda } from '../suite/fleet/fleet-fixtures.js';
import { begin, changeOf, memberOf, rolloutRecord } from '../suite/fleet/rollout-fixtures.js';
import { seededRandom } from '../suite/seeded-random.js';

const ROUNDS = howMany(25, 500);
const nodeIds = Array.from({ length: 8 }, (_, index) => `n${index}`);
const rolloutIds = ['r', 's'];

describe.skipIf(isSkipped)(
  `rollouts beside heartbeats, results and operators in PostgreSQL${unlessInstalled}`,
  { timeout: TIMEOUT_MS + ROUNDS * 200 },
  () => {
    test('wait for each other, but never in a circle', async () => {
      const stores = await openTwice();
      const [store] = stores;
      for (const nodeId of nodeIds) await addLabelled(store, nodeId);
      for (const id of rolloutIds) {
        const members = nodeIds.map((nodeId) => memberOf(nodeId));
        await begin(asAda(store), rolloutRecord(id), members);
      }
      const random = seededRandom(7);
      const some = (): string[] => nodeIds.filter(() => random() < 0.6).toSorted(() => random() - 0.5);
      const one = (): string => nodeIds[Math.floor(random() * nodeIds.length)] ?? '';
      let count = 0;
      let keptCount = 0;
      const repeat = async (work: () => Promise<unknown>): Promise<void> => {
        for (let round = 0; round < ROUNDS; round += 1) await work();
      };
      const step = (each: FleetStore, rolloutId: string) => async () => {
        if (await stepOf(asAda(each), rolloutId, some(), `${(count += 1)}`)) keptCount += 1;
      };
      const node = (each: FleetStore) => async () => {
        const nodeId = one();
        const listed = await each.offerCommands(nodeId, NOW_MS, 9);
        await each.saveReport(nodeId, heartbeatReport((count += 1)));
        const done = listed.filter(() => random() < 0.5).map(({ id }) => ({ id, outcome: 'succeeded' }));
        await each.saveCommandResults(nodeId, done.toReversed(), NOW_MS);
      };
      const operator = (each: FleetStore) => async () => {
        const nodeId = one();
        await asAda(each).addCommand(nodeId, commandRecord(`of an operator ${(count += 1)}`));
        for (const { id } of await each.listCommands(nodeId, 2)) await asAda(each).cancelCommand(nodeId, id, NOW_MS);
      };
      const comeAndGo = (each: FleetStore) => async () => {
        const nodeId = nodeIds[0] ?? '';
        await each.removeNode(nodeId);
        await addLabelled(each, nodeId);
        await each.endCommands(NOW_MS + 61_000, 2);
      };

      const works = [
        ...stores.flatMap((each) => rolloutIds.map((id) => step(each, id))),
        ...stores.flatMap((each) => [node(each), node(each), operator(each)]),
        comeAndGo(store),
      ];
      await expect(Promise.all(works.map(repeat))).resolves.toHaveLength(works.length);
      expect(keptCount).toBeGreaterThan(ROUNDS / 2);
      const holders = await Promise.all(rolloutIds.map((id) => asAda(store).listMembers(id, { limit: 99 })));
      const held = holders.flat().filter(({ isHolding }) => isHolding);
      expect(new Set(held.map(({ nodeId }) => nodeId)).size).toBe(held.length);
    });
  },
);

/** Gives some members the command that do not have it, and takes it from others; in the order of `chosen`. */
async function stepOf(operator: OperatorStore, rolloutId: string, chosen: string[], mark: string): Promise<boolean> {
  const rollout = await operator.findRollout(rolloutId);
  const seen = await operator.readMembers(rolloutId, { which: 'named', nodeIds: chosen });
  const parts: Moved[] = chosen.flatMap((nodeId) => {
    const found = seen.find(({ member }) => member.nodeId === nodeId);
    return found ? [found.member.isHolding ? taken(found) : given(found, `${nodeId} of ${rolloutId} ${mark}`)] : [];
  });
  if (!rollout) return false;
  return operator.changeRollout(
    changeOf(rollout, {
      members: parts.flatMap(({ members }) => members),
      offered: parts.flatMap(({ offered }) => offered),
      withdrawn: parts.flatMap(({ withdrawn }) => withdrawn),
      cancelled: parts.flatMap(({ cancelled }) => cancelled),
    }),
  );
}

type Moved = Pick<RolloutChange, 'members' | 'offered' | 'withdrawn' | 'cancelled'>;

function given({ member, node, heldBy }: SeenMember, commandId: string): Moved {
  const { nodeId } = member;
  if (!node || heldBy !== undefined) return { members: [], offered: [], withdrawn: [], cancelled: [] };
  return {
    members: [{ ...member, state: 'offered', commandId, isHolding: true }],
    offered: [{ nodeId, command: commandRecord(commandId) }],
    withdrawn: [],
    cancelled: [],
  };
}

function taken({ member, command }: SeenMember): Moved {
  const named = command ? [{ nodeId: member.nodeId, commandId: command.id }] : [];
  const isListed = command?.listedAtMs !== undefined;
  return {
    members: [{ ...member, state: 'held', isHolding: false }],
    offered: [],
    withdrawn: isListed ? [] : named,
    cancelled: isListed ? named : [],
  };
}

async function openTwice(): Promise<[FleetStore, FleetStore]> {
  const url = await shareResource('postgres');
  const { take } = createSchemaPool(url, `s${randomUUID().replaceAll('-', '')}`);
  const { schema, giveBack } = await take();
  onTestFinished(giveBack);
  const open = async (): Promise<FleetStore> => {
    const store = await openPostgresStore(url, { schema, maxConnections: 6 });
    onTestFinished(() => store.close());
    return store;
  };
  return [await open(), await open()];
}
