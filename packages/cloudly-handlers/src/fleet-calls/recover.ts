import { freezeJoinTokens } from '../operator/freeze-join-tokens.js';
import { disableRestored } from '../webhooks/disable-restored.js';
import type { Call } from './call.js';
import type { Recovered } from './fleet.js';
import { pauseRecovered } from './move-rollout.js';
import { shownJoinToken } from './shown-join-token.js';

export async function recover(call: Call, takenAtMs: number): Promise<Recovered> {
  const { caller, fleet, nowMs, store } = call;
  await fleet.renewEvents(takenAtMs, { actor: caller.actor, nowMs });
  await disableRestored(fleet, await fleet.webhooks.list(), { atMs: nowMs, actor: caller.actor });
  const revoked = await freezeJoinTokens(store, { backupTakenAtMs: takenAtMs, now: () => nowMs });
  return { revoked: revoked.map(shownJoinToken), paused: await pauseRecovered(call) };
}
