import type {
  ObstacleCode,
  Prediction,
  PredictionBasis,
  Rollout,
  RolloutPreview,
} from '@serve.zone/baseos-cloudly-handlers';
import { formatDuration } from '../time/format-duration.js';
import { instant } from '../time/instant.js';

/** A preview as an operator reads it. */
export function previewLines({ name }: Rollout, preview: RolloutPreview, nowMs: number): string[] {
  const { memberCount, offlineCount, waves } = preview;
  return [
    `${name}: ${nodes(memberCount)}, ${offlineCount} of them not online now`,
    ...waves.map(({ memberCount: count, onlineCount, overAtMs, gate, soakMs }, index) => {
      const over = overAtMs === undefined ? '' : `, over in about ${formatDuration(overAtMs - nowMs)}`;
      const behind = [
        ...(soakMs > 0 ? [`a soak of ${formatDuration(soakMs)}`] : []),
        ...(gate === 'manual' ? ['your approval'] : []),
      ];
      const then = behind.length === 0 ? '' : `, then ${behind.join(' and ')}`;
      return `  wave ${index + 1}  ${nodes(count)}, ${onlineCount} online${over}${then}`;
    }),
    ...obstacleLines(preview),
    ...groupLines(preview),
    ...predictionLines(preview, nowMs),
  ];
}

function obstacleLines({ obstacles }: RolloutPreview): string[] {
  return obstacles.map(({ code, count, nodeIds, lookedAt }) => {
    const others = count > nodeIds.length ? ` and ${count - nodeIds.length} more` : '';
    const sample = lookedAt === undefined ? '' : ` (of ${lookedAt} that were looked at)`;
    return `${nodes(count)}${sample} ${count === 1 ? obstacleWords[code][0] : obstacleWords[code][1]}: ${nodeIds.join(', ')}${others}`;
  });
}

const obstacleWords: Record<ObstacleCode, readonly [one: string, several: string]> = {
  'not-accepted': ['does not accept this command', 'do not accept this command'],
  'force-not-accepted': ['does not accept force', 'do not accept force'],
  'node-pending': ['waits for approval', 'wait for approval'],
  'node-revoked': ['is revoked', 'are revoked'],
  'clone-suspected': ['may be two devices', 'may be two devices each'],
  'legacy-node': ['is a legacy node, which gets no commands', 'are legacy nodes, which get no commands'],
  already: ['runs the release already', 'run the release already'],
  'not-staged': ['does not have the release behind its gate yet', 'do not have the release behind their gates yet'],
  'other-release': ['has another release waiting', 'have another release waiting'],
  'other-rollout': ['is held by another rollout', 'are held by another rollout'],
};

function groupLines({ groups }: RolloutPreview): string[] {
  if (!groups || groups.largerCount === 0) return [];
  const { label, max, groupCount, largerCount, largest } = groups;
  const shown = largest.map(({ group, memberCount }) => `${group || '(none)'} (${memberCount})`);
  const more = largerCount > largest.length ? ` and ${largerCount - largest.length} more` : '';
  return [`${largerCount} of ${groupCount} values of ${label} have more than ${max} nodes: ${shown.join(', ')}${more}`];
}

function predictionLines({ prediction }: RolloutPreview, nowMs: number): string[] {
  const { outcome, basis } = prediction;
  const sentence = predictions[outcome](prediction, nowMs);
  return outcome === 'no-durations' || outcome === 'no-members' ? [sentence] : [sentence, ...basisLines(basis)];
}

const predictions: Record<Prediction['outcome'], (prediction: Prediction, nowMs: number) => string> = {
  ends: ({ endsAtMs = 0, endedPercent }, nowMs) =>
    `It would end in about ${formatDuration(endsAtMs - nowMs)}${shares(endedPercent)}, if gates are opened at once.`,
  pauses: ({ pausesAtMs = 0, endedPercent }, nowMs) =>
    `It would pause for failures in about ${formatDuration(pausesAtMs - nowMs)}${shares(endedPercent)}.`,
  'too-long': ({ followedUntilMs = 0, endedPercent }, nowMs) =>
    `It would not have ended in ${formatDuration(followedUntilMs - nowMs)}${shares(endedPercent)}.`,
  'no-durations': () => 'Nobody knows when it would end: no such command has succeeded in the last week.',
  'no-members': () => 'There is nothing to do: no node matches.',
};

function shares(ended: Prediction['endedPercent']): string {
  return ended ? ` (${ended.succeeded} % succeeded, ${ended.failed} % failed, ${ended.skipped} % skipped)` : '';
}

/** How sure it is. */
function basisLines({ durations, endings, presence, modelCount }: PredictionBasis): string[] {
  const { commandCount, medianMs = 0, ninetiethMs = 0 } = durations;
  const took = `${commandCount} such commands of the last week, half of which took ${formatDuration(medianMs)} at most, and nine of ten ${formatDuration(ninetiethMs)}`;
  const failed =
    endings.failedCount === 0
      ? 'none failed'
      : `${endings.failedCount} of ${endings.endedCount} did not succeed, which it does not allow for`;
  const heard =
    presence.nodeCount === 0
      ? 'there is no history of who was online when'
      : `${presence.nodeCount} nodes say when they were online, over up to ${presence.hourCount} hours`;
  return [`It is predicted from ${took}; ${failed}; ${heard}; by a model of ${nodes(modelCount)}.`];
}

function nodes(count: number): string {
  return count === 1 ? '1 node' : `${count} nodes`;
}

/** A preview as an operator's program may see it: with instants in RFC 3339. */
export function viewPreview({ waves, prediction, ...rest }: RolloutPreview): Record<string, unknown> {
  const { endsAtMs, pausesAtMs, followedUntilMs, ...predicted } = prediction;
  return {
    ...rest,
    waves: waves.map(({ beginsAtMs, overAtMs, ...wave }) =>
      Object.assign(wave, instantsOf({ beginsAt: beginsAtMs, overAt: overAtMs })),
    ),
    prediction: {
      ...predicted,
      ...instantsOf({ endsAt: endsAtMs, pausesAt: pausesAtMs, followedUntil: followedUntilMs }),
    },
  };
}

function instantsOf(times: Readonly<Record<string, number | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(times).flatMap(([name, atMs]) => (atMs === undefined ? [] : [[name, instant(atMs)]])),
  );
}
