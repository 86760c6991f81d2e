import type { NodeFacts, NodeState } from '../facts/node-facts.js';
import { isStorageLow } from '../facts/storage-step.js';
import { CRASH_LOOP_WITHIN_MS } from '../fleet/restarts.js';
import type { NodeAlertKind } from './alert-kinds.js';

/** Why an alert of this kind is to be open. */
export interface AlertCondition {
  kind: NodeAlertKind;
  /** Since when it holds, as far as the node itself says. */
  sinceMs?: number;
  /** It no longer holds from then on, unless something changes. */
  untilMs?: number;
}

export interface ConditionSources {
  facts: NodeFacts;
  state: NodeState;
  /** Of a node that is late or offline. */
  quietSinceMs?: number | undefined;
}

/** The conditions of a node, in the order of their kinds. Pure; whoever changes it also counts `FACTS_VERSION` up. */
export function conditionsOf({ facts, state, quietSinceMs }: ConditionSources): AlertCondition[] {
  const conditions = conditionsOfFacts(facts);
  if (state !== 'offline') return conditions;
  return [...conditions, { kind: 'offline', ...(quietSinceMs !== undefined && { sinceMs: quietSinceMs }) }];
}

/** The same, without those that come from how it is heard. Of a revoked node, nothing needs anybody. */
export function conditionsOfFacts(facts: NodeFacts): AlertCondition[] {
  const { approval, registeredAtMs, isCloneSuspected, crashLoopAtMs, supervisorState, updateState, gate } = facts;
  if (approval === 'revoked') return [];
  const conditions: AlertCondition[] = [];
  if (isCloneSuspected) conditions.push({ kind: 'clone-suspected' });
  if (approval === 'pending') return [...conditions, { kind: 'pending-approval', sinceMs: registeredAtMs }];
  if (crashLoopAtMs !== undefined) {
    const untilMs = crashLoopAtMs + CRASH_LOOP_WITHIN_MS;
    conditions.push({ kind: 'crash-loop', sinceMs: crashLoopAtMs, untilMs });
  }
  if (supervisorState === 'unauthorized') conditions.push({ kind: 'supervisor-unauthorized' });
  if (supervisorState === 'unreachable' || supervisorState === 'failing') {
    conditions.push({ kind: 'supervisor-unreachable' });
  }
  if (updateState === 'failed') conditions.push({ kind: 'update-failed' });
  if (gate === 'unavailable') conditions.push({ kind: 'gate-unavailable' });
  if (isStorageLow(facts.freeStoragePercent)) conditions.push({ kind: 'storage-low' });
  if (facts.isClockOff) conditions.push({ kind: 'clock-off' });
  return conditions;
}

/** A text that changes with the conditions, by which a store finds the nodes whose conditions have changed. */
export function conditionText(conditions: readonly AlertCondition[]): string {
  return conditions.map(({ kind, untilMs }) => (untilMs === undefined ? kind : `${kind}@${untilMs}`)).join(' ');
}
