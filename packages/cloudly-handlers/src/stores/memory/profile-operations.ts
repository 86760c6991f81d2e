import { isInScope } from '../../selector/matches.js';
import type { Behalf } from '../records/behalf.js';
import { deriveProfiled } from '../records/derive-node.js';
import type { ProfileOperations } from '../records/store-operations.js';
import { copy } from './copy.js';
import { findEntry, keepDerived, type MemoryFleet, sourcesOf } from './memory-fleet.js';

export function createProfileOperations(fleet: MemoryFleet, behalf: Behalf): ProfileOperations {
  return {
    findProfile: async (nodeId) => copy(findEntry(fleet, behalf, nodeId)?.profile),

    async replaceProfile(profile) {
      const entry = findEntry(fleet, behalf, profile.nodeId);
      if (!entry || entry.profile.revision !== profile.revision) return false;
      if (!isInScope(behalf.scope, profile.labels)) return false;
      const { profile: before } = entry;
      entry.profile = { ...copy(profile), revision: profile.revision + 1 };
      keepDerived(fleet, entry, deriveProfiled(sourcesOf(entry), before), { behalf });
      return true;
    },
  };
}
