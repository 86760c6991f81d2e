import type { FleetNode } from '../fleet-store/fleet-node.js';
import type { OperatorStore } from '../fleet-store/fleet-store.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { type Candidate, previewWaves } from '../rollout-preview/candidate.js';
import { previewGroups } from '../rollout-preview/large-groups.js';
import { createObstacleCount, obstaclesOf } from '../rollout-preview/obstacles.js';
import type { Obstacle, RolloutPreview } from '../rollout-preview/rollout-preview.js';
import { assignWaves } from '../rollouts/assign-waves.js';
import { findNodes } from '../rollouts/start-rollout.js';
import { throwUnfit } from './alter-rollout.js';
import type { Call } from './call.js';
import { mapInLanes } from './map-in-lanes.js';
import { throwTooLarge } from './move-rollout.js';
import { predictRollout } from './predict-rollout.js';
import { getRollout } from './rollouts.js';

/** Of so many members is asked whether another rollout holds them. */
const ASKED_MAX = 500;

/** Reads every node once, in pages; what takes longer looks at a bounded number of them. */
export async function previewRollout(call: Call, rolloutId: string): Promise<RolloutPreview> {
  const rollout = await getRollout(call, rolloutId);
  if (rollout.state !== 'draft') throwUnfit(rollout, 'Only a draft can be previewed; show how this one stands.');
  const candidates = await findCandidates(call, rollout);
  const obstacles = createObstacleCount();
  for (const { nodeId, obstacles: codes } of candidates) for (const code of codes) obstacles.add(code, nodeId);
  const store = storeOf(call, rollout);
  const [held, predicted] = await Promise.all([
    findHeld(store, candidates),
    predictRollout(store, { rollout, candidates, nowMs: call.nowMs }),
  ]);
  const groups = previewGroups(candidates, rollout.limits);
  return {
    memberCount: candidates.length,
    offlineCount: candidates.filter(({ isOnline }) => !isOnline).length,
    waves: previewWaves(candidates, rollout).map((wave, index) => Object.assign(wave, predicted.waves[index])),
    obstacles: [...obstacles.obstacles(), ...held],
    ...(groups && { groups }),
    prediction: predicted.prediction,
  };
}

/** What whoever created it sees, without their scope where there is none. */
function storeOf({ caller: { actor }, fleet, nowMs }: Call, { scope }: Rollout): OperatorStore {
  return fleet.as({ actor, nowMs, scope });
}

async function findCandidates({ fleet, nowMs }: Call, rollout: Rollout): Promise<Candidate[]> {
  const looked: Pick<Candidate, 'isOnline' | 'obstacles'>[] = [];
  const look = (node: FleetNode): void => {
    looked.push({ isOnline: node.state === 'online', obstacles: obstaclesOf(node, rollout, nowMs) });
  };
  const nodes = (await findNodes(fleet, rollout, nowMs, look)) ?? throwTooLarge();
  const waves = assignWaves(nodes, rollout.waves);
  return nodes.map(({ nodeId, group, rank }, index) => {
    const { isOnline = false, obstacles = [] } = looked[index] ?? {};
    return { nodeId, group, rank, wave: waves[index] ?? 0, isOnline, obstacles };
  });
}

/** The members that another rollout holds; where there are many, of some of them. */
async function findHeld(store: OperatorStore, candidates: readonly Candidate[]): Promise<Obstacle[]> {
  const going = await store.listRollouts({ states: ['starting', 'running', 'paused'], limit: 1 });
  if (going.length === 0) return [];
  const stride = Math.ceil(candidates.length / ASKED_MAX);
  const asked = candidates.filter((_candidate, index) => index % stride === 0);
  const count = createObstacleCount();
  await mapInLanes(asked, async ({ nodeId }) => {
    const memberships = await store.findMemberships(nodeId);
    if (memberships.some(({ member }) => member.isHolding)) count.add('other-rollout', nodeId);
  });
  const found = count.obstacles();
  if (asked.length < candidates.length) for (const obstacle of found) obstacle.lookedAt = asked.length;
  return found;
}
