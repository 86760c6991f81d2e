import type { FleetNode } from '../fleet-store/fleet-node.js';
import type { OperatorStore } from '../fleet-store/fleet-store.js';
import type { Rollout } from '../fleet-store/rollout.js';
import type { Candidate } from '../rollout-preview/candidate.js';
import { type CommandCourse, durationAt, durationOf } from '../rollout-preview/command-course.js';
import { foresee, type Foreseen } from '../rollout-preview/foresee.js';
import type { ModelMember } from '../rollout-preview/model-store.js';
import { answerOf } from '../rollout-preview/obstacles.js';
import { presenceOf, presenceSample } from '../rollout-preview/presence-sample.js';
import { knownHourCount, type PresenceWeek, presenceWeekOf } from '../rollout-preview/presence-week.js';
import type { Prediction, PredictionBasis } from '../rollout-preview/rollout-preview.js';
import { scaleModel } from '../rollout-preview/scale-model.js';
import { memberOf } from '../rollouts/start-rollout.js';
import { memberCountOf } from '../rollouts/wave-counts.js';
import { mapInLanes } from './map-in-lanes.js';
import { readCommandCourse } from './read-command-course.js';

const WEEK_MS = 7 * 24 * 3_600_000;
const NODES_AT_ONCE = 500;

export interface PredictedRollout {
  prediction: Prediction;
  waves: readonly { beginsAtMs?: number; overAtMs?: number }[];
}

export interface PredictOptions {
  rollout: Rollout;
  candidates: readonly Candidate[];
  nowMs: number;
}

/** When a rollout would end, by what the last week tells of its command and its nodes. */
export async function predictRollout(
  store: OperatorStore,
  { rollout, candidates, nowMs }: PredictOptions,
): Promise<PredictedRollout> {
  const course = await readCommandCourse(store, rollout.command.kind, nowMs - WEEK_MS);
  const { members: chosen, limits, stretch } = scaleModel(candidates, rollout.limits);
  const nodes = await readNodes(store, chosen);
  const weeks = await readWeeks(store, [...nodes.values()], nowMs);
  const basis: PredictionBasis = {
    durations: durationsOf(course),
    endings: { endedCount: course.endedCount, failedCount: course.failedCount },
    presence: {
      nodeCount: weeks.size,
      hourCount: Math.max(0, ...[...weeks.values()].map(knownHourCount)),
    },
    modelCount: chosen.length,
  };
  if (chosen.length === 0) return { prediction: { outcome: 'no-members', basis }, waves: [] };
  if (course.durationsMs.length === 0) return { prediction: { outcome: 'no-durations', basis }, waves: [] };
  const known = chosen.flatMap((candidate) => {
    const node = nodes.get(candidate.nodeId);
    return node ? [{ candidate, node }] : [];
  });
  const presence = presenceOf(
    known.map(({ node }) => node),
    weeks,
  );
  const members = known.map(({ candidate, node }, index): ModelMember => ({
    member: memberOf(candidate, candidate.wave, nowMs),
    model: {
      node,
      week: presence[index],
      answer: answerOf(candidate.obstacles),
      durationMs: Math.round(durationOf(course, index) * stretch),
    },
  }));
  const foreseen = await foresee({ draft: { ...rollout, limits }, members, nowMs });
  return { prediction: { ...predictionOf(foreseen), basis }, waves: foreseen.waves };
}

function durationsOf(course: CommandCourse): PredictionBasis['durations'] {
  const [medianMs, ninetiethMs] = [durationAt(course, 50), durationAt(course, 90)];
  return {
    commandCount: course.durationsMs.length,
    ...(medianMs !== undefined && { medianMs }),
    ...(ninetiethMs !== undefined && { ninetiethMs }),
  };
}

function predictionOf({ outcome, atMs, counts }: Foreseen): Omit<Prediction, 'basis'> {
  const memberCount = memberCountOf(counts);
  const percentOf = (count: number): number => Math.round((count * 1000) / memberCount) / 10;
  return {
    outcome,
    ...(outcome === 'ends' && { endsAtMs: atMs }),
    ...(outcome === 'pauses' && { pausesAtMs: atMs }),
    ...(outcome === 'too-long' && { followedUntilMs: atMs }),
    endedPercent: {
      succeeded: percentOf(counts.succeeded),
      failed: percentOf(counts.failed + counts.unknown),
      skipped: percentOf(counts.skipped),
    },
  };
}

async function readNodes(store: OperatorStore, chosen: readonly Candidate[]): Promise<Map<string, FleetNode>> {
  const nodes = new Map<string, FleetNode>();
  for (let start = 0; start < chosen.length; start += NODES_AT_ONCE) {
    const nodeIds = chosen.slice(start, start + NODES_AT_ONCE).map(({ nodeId }) => nodeId);
    for (const node of await store.findFleetNodes(nodeIds)) nodes.set(node.facts.nodeId, node);
  }
  return nodes;
}

async function readWeeks(
  store: OperatorStore,
  nodes: readonly FleetNode[],
  nowMs: number,
): Promise<Map<string, PresenceWeek>> {
  const weeks = await mapInLanes(presenceSample(nodes), async ({ facts: { nodeId, registeredAtMs } }) => {
    const slots = await store.listHistory(nodeId, 'hours');
    const week = presenceWeekOf(slots, { knownSinceMs: registeredAtMs, nowMs });
    return week ? [[nodeId, week] as const] : [];
  });
  return new Map(weeks.flat());
}
