import { freezeJoinTokens } from '../operator/freeze-join-tokens.js';
import { disableRestored } from '../webhooks/disable-restored.js';
import type { Call } from './call.js';
import type { ShownJoinToken } from './fleet.js';
import { shownJoinToken } from './shown-join-token.js';

export async function recover({ caller, fleet, nowMs, store }: Call, takenAtMs: number): Promise<ShownJoinToken[]> {
  await fleet.renewEvents(takenAtMs, { actor: caller.actor, nowMs });
  await disableRestored(fleet, await fleet.webhooks.list(), { atMs: nowMs, actor: caller.actor });
  return (await freezeJoinTokens(store, { backupTakenAtMs: takenAtMs, now: () => nowMs })).map(shownJoinToken);
}
