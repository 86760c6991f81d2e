import type { FleetNode } from '../fleet-store/fleet-node.js';
import { isOnlineAt, nextHourMs, onlineFromMs, type PresenceWeek } from './presence-week.js';

/** A node of the model, which answers commands by itself. */
export interface ModelNode {
  /** As it is now. */
  node: FleetNode;
  /** What its presence is taken from; without it, it stays as it is now. */
  week?: PresenceWeek | undefined;
  /** How it ends the command of the rollout. `never-listed`: it gets no commands. */
  answer: 'succeeds' | 'refuses' | 'has-other-release' | 'never-listed';
  /** How long it takes from being sent the command to its result. */
  durationMs: number;
}

/** Until the hour is over, it is as it is now; then, as it was a week before. */
export function isModelOnline({ node, week }: ModelNode, beginMs: number, atMs: number): boolean {
  const isOnlineNow = node.state === 'online';
  return atMs < nextHourMs(beginMs) ? isOnlineNow : isOnlineAt(week, atMs, isOnlineNow);
}

/** When it is online next, from then on. */
export function modelOnlineFromMs(model: ModelNode, beginMs: number, fromMs: number): number | undefined {
  return onlineFromMs(model.week, fromMs, (atMs) => isModelOnline(model, beginMs, atMs));
}
