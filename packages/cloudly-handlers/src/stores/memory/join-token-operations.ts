import { changeOfJoinToken, changeOfRevokedJoinToken } from '../../events/join-token-changes.js';
import { type Behalf, isVisibleJoinToken, requireVisibleJoinToken, writtenEvent } from '../records/behalf.js';
import type { JoinTokenOperations } from '../records/store-operations.js';
import { copy } from './copy.js';
import type { MemoryFleet } from './memory-fleet.js';

export function createJoinTokenOperations({ joinTokens, events }: MemoryFleet, behalf: Behalf): JoinTokenOperations {
  const find = (id: string) => {
    const joinToken = joinTokens.get(id);
    return joinToken && isVisibleJoinToken(behalf, joinToken) ? joinToken : undefined;
  };
  return {
    async addJoinToken(joinToken) {
      requireVisibleJoinToken(behalf, joinToken);
      if (joinTokens.has(joinToken.id)) throw new TypeError(`The join token ${joinToken.id} already exists`);
      joinTokens.set(joinToken.id, copy(joinToken));
      events.tell([writtenEvent(behalf, changeOfJoinToken(joinToken), { atMs: joinToken.createdAtMs })]);
    },

    findJoinToken: async (id) => copy(find(id)),

    listJoinTokens: async () =>
      [...joinTokens.values()]
        .filter((joinToken) => isVisibleJoinToken(behalf, joinToken))
        .toSorted((one, other) => one.createdAtMs - other.createdAtMs)
        .map(copy),

    async revokeJoinToken(id, revokedAtMs, revokedReason) {
      const joinToken = find(id);
      if (joinToken && joinToken.revokedAtMs === undefined) {
        Object.assign(joinToken, { revokedAtMs, ...(revokedReason !== undefined && { revokedReason }) });
        events.tell([writtenEvent(behalf, changeOfRevokedJoinToken(joinToken), { atMs: revokedAtMs })]);
      }
      return copy(joinToken);
    },
  };
}
