import type { FleetNode } from '../fleet-store/fleet-node.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { warningsOf } from '../operator/command-warnings.js';
import { hindranceOf } from '../rollouts/hindrance.js';
import { memberOf } from '../rollouts/start-rollout.js';
import type { ModelNode } from './model-node.js';
import type { Obstacle, ObstacleCode } from './rollout-preview.js';

const SHOWN_MAX = 10;

/** What speaks against the success of a rollout with a node, by what is known of it. */
export function obstaclesOf(node: FleetNode, rollout: Rollout, nowMs: number): ObstacleCode[] {
  const { command } = rollout;
  const { facts } = node;
  const obstacles: ObstacleCode[] = warningsOf(command, facts);
  const member = memberOf({ nodeId: facts.nodeId, group: '', rank: '' }, 0, nowMs);
  if (hindranceOf({ member, node }, rollout, nowMs)?.reason === 'already') obstacles.push('already');
  else if (isNotStaged(node, rollout)) obstacles.push('not-staged');
  if (hasOtherRelease(node, rollout)) obstacles.push('other-release');
  return obstacles;
}

/** Its target is the release that waits behind its gate. */
function hasOtherRelease({ facts: { stagedCommit } }: FleetNode, { command: { kind, commit } }: Rollout): boolean {
  return kind === 'update' && stagedCommit !== undefined && stagedCommit !== commit;
}

/** Its gate is closed, and no release waits behind it yet. Until its Supervisor has heard of the release, the node refuses it. */
function isNotStaged({ facts: { gate, stagedCommit } }: FleetNode, { command: { kind } }: Rollout): boolean {
  return kind === 'update' && gate === 'closed' && stagedCommit === undefined;
}

/** How a node of the model ends the command. */
export function answerOf(obstacles: readonly ObstacleCode[]): ModelNode['answer'] {
  if (obstacles.includes('legacy-node')) return 'never-listed';
  if (obstacles.includes('other-release')) return 'has-other-release';
  return obstacles.includes('not-accepted') || obstacles.includes('force-not-accepted') ? 'refuses' : 'succeeds';
}

/** Counts obstacles, and keeps the first nodes that have each. */
export function createObstacleCount() {
  const found = new Map<ObstacleCode, Obstacle>();
  return {
    add(code: ObstacleCode, nodeId: string): void {
      const obstacle = found.get(code) ?? { code, count: 0, nodeIds: [] };
      found.set(code, obstacle);
      obstacle.count += 1;
      if (obstacle.nodeIds.length < SHOWN_MAX) obstacle.nodeIds.push(nodeId);
    },
    /** Those of most members first. */
    obstacles: (): Obstacle[] => [...found.values()].toSorted((one, other) => other.count - one.count),
  };
}
