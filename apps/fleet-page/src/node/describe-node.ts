import type { NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { formatDuration } from '../format/format-duration.js';
import { shortRelease } from '../format/short-release.js';

/** How a node stands and what it waits for, in sentences. */
export function describeNode({ state, facts, lastHeartbeatAtMs, record }: NodeDetails, nowMs: number): string[] {
  const silence = lastHeartbeatAtMs === undefined ? '' : ` for ${formatDuration(nowMs - lastHeartbeatAtMs)}`;
  const sentences = [standing[state](silence)];
  if (facts.isCloneSuspected) {
    sentences.push('Two devices may use its identity. Choose below which process keeps it.');
  }
  if (state === 'pending') return sentences;
  const { commit, stagedCommit, updateState, gate } = facts;
  if (commit !== undefined) sentences.push(`It runs release ${shortRelease(commit)}.`);
  if (updateState === 'failed') sentences.push('Its last update failed. Send the command update to try again.');
  if (stagedCommit !== undefined && updateState === 'held') {
    sentences.push(
      `Release ${shortRelease(stagedCommit)} is downloaded, and waits behind the gate for the command update.`,
    );
  }
  if (updateState === 'downloading') sentences.push('It downloads another release.');
  if (updateState === 'installing') sentences.push('It installs another release.');
  if (gate === 'unavailable') sentences.push('It cannot hold releases back, although it is gated.');
  const { supervisorState } = facts;
  if (supervisorState !== undefined && supervisorState !== 'available') {
    sentences.push(`Its Supervisor is ${supervisorState.replaceAll('-', ' ')}, so what its services do is not known.`);
  }
  if (record.isLegacy) sentences.push('It speaks the protocol of before, which has no commands.');
  if (record.rotationDemandedAtMs !== undefined) sentences.push('It gets a new token with its next heartbeat.');
  return sentences;
}

const standing: Readonly<Record<NodeDetails['state'], (silence: string) => string>> = {
  online: () => 'The node is online.',
  late: (silence) => `The node is late: it was not heard${silence}.`,
  offline: (silence) => `The node is offline: it was not heard${silence}. Check its power and its network.`,
  'never-seen': () => 'The node has registered, and no heartbeat has arrived yet.',
  pending: () => 'The node waits for approval. Compare its code with the one that the device logs.',
  revoked: () => 'The node is revoked: it is locked out, and checks in once an hour.',
};
