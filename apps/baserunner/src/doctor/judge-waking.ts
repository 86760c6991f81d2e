import type { NodeFacts, WakingStatus } from '@serve.zone/baseos-runner-core';
import { describeDuration } from '../status/describe-duration.js';
import { type Judgement, pass, skip, warn } from './finding.js';

/** A server that restarts, or a request that was replaced, costs a wait or two. */
const failuresToTell = 3;

/** Whether the running agent hears of commands between its heartbeats. Without that it works all the same, only later. */
export function judgeWaking({ published, wallMs }: Pick<NodeFacts, 'published' | 'wallMs'>): Judgement {
  if (published.kind !== 'live') return skip('Skipped: no agent shows whether Cloudly can wake it.');
  const { waking } = published.published.status.cloudly;
  if (!waking) return skip('Skipped: the agent does not wait for Cloudly.');
  switch (waking.state) {
    case 'off':
      return pass('Waking is off (BASEOS_WAKE): commands arrive with heartbeats.', { state: waking.state });
    case 'unknown':
      return skip('Skipped: Cloudly has accepted no heartbeat, so it is unknown whether it wakes this node.');
    case 'not-offered':
      return pass('This Cloudly does not wake this node: commands arrive with heartbeats.', { state: waking.state });
    case 'on':
      return pass('Cloudly can wake this node: commands arrive within about a second.', { state: waking.state });
    case 'failing':
      return judgeFailing(waking, wallMs);
    default:
      return waking.state satisfies never;
  }
}

function judgeFailing({ state, failure }: WakingStatus, nowMs: number): Judgement {
  const { inARow = 0, since, reason = '' } = failure ?? {};
  const facts = { state, inARow, since, reason };
  if (inARow < failuresToTell) return pass(`Waking failed, and is tried again. ${reason}`, facts);
  const lasts = since === undefined ? '' : ` for ${describeDuration(nowMs - Date.parse(since))}`;
  return warn(
    `Waking has failed${lasts}, ${inARow} times in a row, so commands arrive with heartbeats. ${reason}`,
    'Check whether a proxy or load balancer before Cloudly ends idle requests: it must allow more than the --wake-wait of the server. To do without waking, set BASEOS_WAKE=off.',
    facts,
  );
}
