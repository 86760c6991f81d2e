import { createJoinToken as create, joinTokenMistake } from '../operator/create-join-token.js';
import { linesMistake } from '../operator/text-mistake.js';
import { type Call, requireRole, requireValue } from './call.js';
import { requireLabels } from './change-profile.js';
import type { NewJoinToken, ShownJoinToken } from './fleet.js';
import { FleetError } from './fleet-error.js';
import { requireLabelsInScope } from './scoped-labels.js';
import { shownJoinToken } from './shown-join-token.js';

const REASON_MAX_LENGTH = 1000;

export async function createJoinToken(
  call: Call,
  options: NewJoinToken = {},
): Promise<{ joinToken: string; record: ShownJoinToken }> {
  const { caller, nowMs, store } = call;
  const { labels = {} } = options;
  requireLabels(labels);
  requireValue(joinTokenMistake(options), 'Correct the value.');
  await requireLabelsInScope(call, labels);
  const { joinToken, record } = await create(store, { ...options, createdBy: caller.actor, now: () => nowMs });
  return { joinToken, record: shownJoinToken(record) };
}

export async function listJoinTokens({ store }: Call): Promise<ShownJoinToken[]> {
  return (await store.listJoinTokens()).map(shownJoinToken);
}

export async function revokeJoinToken(call: Call, joinTokenId: string, reason?: string): Promise<ShownJoinToken> {
  const { caller, nowMs, store } = call;
  requireValue(reason && linesMistake('The reason', reason, REASON_MAX_LENGTH), 'Shorten it.');
  const before = (await store.findJoinToken(joinTokenId)) ?? throwUnknown(joinTokenId);
  if (before.createdBy !== caller.actor) requireRole(call, 'admin', 'revoke a join token that somebody else created');
  const record = (await store.revokeJoinToken(joinTokenId, nowMs, reason)) ?? throwUnknown(joinTokenId);
  return shownJoinToken(record);
}

function throwUnknown(joinTokenId: string): never {
  throw new FleetError('join-token-unknown', `There is no join token ${joinTokenId}`, {
    remedy: 'List the join tokens. It may be out of your scope.',
  });
}
