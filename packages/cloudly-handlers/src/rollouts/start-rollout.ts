import type { Actor } from '../events/actor.js';
import type { FleetNode } from '../fleet-store/fleet-node.js';
import type { FleetCursor } from '../fleet-store/fleet-store.js';
import type { RolloutMember } from '../fleet-store/rollout-member.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { matches } from '../selector/matches.js';
import { parseSelector } from '../selector/parse-selector.js';
import type { Selector } from '../selector/selector.js';
import { type Assignable, assignWaves } from './assign-waves.js';
import type { Draft } from './draft.js';
import { groupOf } from './member-group.js';
import { openWave } from './move-waves.js';
import { named } from './pause-rollout.js';
import type { Alteration } from './plan.js';
import { rankOf } from './rank.js';
import { type RolloutFleet, type StepOutcome, stepRollout } from './step-rollout.js';
import { countAll, memberCountOf, noMembers } from './wave-counts.js';

/** How many members a rollout has at most. */
export const MEMBERS_MAX = 100_000;
const PAGE = 1000;
/** So few at a time that heartbeats need not wait for long. */
const PIECE = 250;

export interface StartOptions {
  now: () => number;
  /** Who starts it: the events are theirs. */
  actor: Actor;
}

export type StartOutcome =
  | { outcome: 'started'; rollout: Rollout }
  /**
   * - `no-members`, `too-many-members`: so many nodes match its selector. It is a draft again.
   * - `not-startable`: it is neither a draft nor being started, or waits for approval.
   * - `superseded`: somebody else has started or stopped it meanwhile.
   */
  | { outcome: 'no-members' | 'too-many-members' | 'not-startable' | 'superseded' | 'rollout-unknown' | 'contention' };

/**
 * Freezes which nodes are the members of a rollout, and lets it run. Who starts a rollout that is being started begins anew,
 * because whoever began may have died.
 */
export async function startRollout(
  store: RolloutFleet,
  rolloutId: string,
  { now, actor }: StartOptions,
): Promise<StartOutcome> {
  const startToken = globalThis.crypto.randomUUID();
  const step = (alter: Alteration): Promise<StepOutcome> => {
    const nowMs = now();
    return stepRollout(store.as({ actor, nowMs }), rolloutId, { nowMs, alter });
  };
  /** Only as long as nobody else has started it anew, or stopped it. */
  const stepOn = async (alter: Alteration): Promise<StartOutcome> => {
    let isOurs = false;
    const stepped = await step((draft, view) => {
      isOurs = view.rollout.startToken === startToken;
      if (isOurs) alter(draft, view);
    });
    if (!('rollout' in stepped)) return stepped;
    return isOurs ? { outcome: 'started', rollout: stepped.rollout } : { outcome: 'superseded' };
  };

  const begun = await step((draft) => begin(draft, startToken));
  if (!('rollout' in begun)) return begun;
  if (begun.rollout.startToken !== startToken) return { outcome: 'not-startable' };
  const nodes = await findNodes(store, begun.rollout, now());
  if (!nodes || nodes.length === 0) {
    const undone = await stepOn(becomeDraft);
    return undone.outcome === 'started' ? { outcome: nodes ? 'no-members' : 'too-many-members' } : undone;
  }
  const waves = assignWaves(nodes, begun.rollout.waves);
  for (let first = 0; ; first += PIECE) {
    const piece = nodes.slice(first, first + PIECE);
    const isLast = first + PIECE >= nodes.length;
    const stepped = await stepOn((draft) => {
      draft.add(piece.map((node, index) => memberOf(node, waves[first + index] ?? 0, draft.nowMs)));
      if (isLast) run(draft);
    });
    if (isLast || stepped.outcome !== 'started') return stepped;
  }
}

function begin(draft: Draft, startToken: string): void {
  const { state, needsApproval, approval, waves } = draft.rollout();
  if (state !== 'draft' && state !== 'starting') return;
  if (needsApproval && !approval) return;
  draft.clear();
  draft.change({ state: 'starting', startToken, startedAtMs: draft.nowMs, counts: waves.map(() => noMembers) });
}

/** As if nobody had started it. */
export function becomeDraft(draft: Draft): void {
  const counts = draft.rollout().waves.map(() => noMembers);
  draft.clear();
  draft.change({ state: 'draft', startToken: undefined, startedAtMs: undefined, counts });
}

function run(draft: Draft): void {
  const { counts } = draft.rollout();
  const memberCount = memberCountOf(countAll(counts));
  draft.change({ state: 'running', startToken: undefined, startedAtMs: draft.nowMs });
  draft.tell({ kind: 'rollout-started', details: { ...named(draft.rollout()), memberCount } });
  openWave(draft, 0);
}

/** A node that becomes a member. */
export interface FrozenNode extends Assignable {
  nodeId: string;
  group: string;
}

/**
 * The nodes that its selector matches, within the scope of whoever created it, in the order of their IDs; nothing if they are too
 * many. `look` is called with each of them.
 */
export async function findNodes(
  store: RolloutFleet,
  rollout: Rollout,
  nowMs: number,
  look: (node: FleetNode) => void = () => undefined,
): Promise<FrozenNode[] | undefined> {
  const { id, createdBy, scope, limits, waves } = rollout;
  const fleet = store.as({ actor: createdBy, nowMs, scope });
  const selector = parseSelector(rollout.selector);
  const selectors = waves.map(({ select }) => (select === undefined ? undefined : parseSelector(select)));
  const freeze = async (node: FleetNode): Promise<FrozenNode> => ({
    nodeId: node.facts.nodeId,
    group: groupOf(limits, node),
    rank: await rankOf(id, node.facts.nodeId),
    matchesWave: matchesOf(selectors, node, nowMs),
  });
  const nodes: FrozenNode[] = [];
  let after: FleetCursor | undefined;
  do {
    const page = await fleet.listFleet({ selector, sort: { by: 'id', isDescending: false }, after, limit: PAGE });
    nodes.push(...(await Promise.all(page.nodes.map(freeze))));
    for (const node of page.nodes) look(node);
    if (nodes.length > MEMBERS_MAX) return undefined;
    after = page.next;
  } while (after);
  return nodes;
}

/** Shared by all nodes of a rollout whose waves have no selectors. */
const all: readonly boolean[] = [];

function matchesOf(selectors: readonly (Selector | undefined)[], node: FleetNode, nowMs: number): readonly boolean[] {
  if (selectors.every((selector) => selector === undefined)) return all;
  return selectors.map((selector) => selector === undefined || matches(selector, node, nowMs));
}

/** A member that was not offered anything yet. */
export function memberOf(
  { nodeId, group, rank }: Pick<RolloutMember, 'nodeId' | 'group' | 'rank'>,
  wave: number,
  sinceMs: number,
): RolloutMember {
  return { nodeId, wave, group, rank, state: 'held', sinceMs, offerCount: 0, failureCount: 0, isHolding: false };
}
