import { isInScope } from '../../selector/matches.js';
import type { Behalf } from '../records/behalf.js';
import { deriveProfiled } from '../records/derive-node.js';
import { profileOf, type ProfileRow } from '../records/profile-rows.js';
import type { ProfileOperations } from '../records/store-operations.js';
import type { FactsKeeping } from './facts-keeping.js';
import type { FleetDatabase } from './fleet-database.js';

export function createProfileOperations({ prepare, readOf, isVisible, write }: FleetDatabase, facts: FactsKeeping) {
  const find = prepare<ProfileRow>('SELECT node_id, revision, record FROM node_profile WHERE node_id = ?');

  return (behalf: Behalf): ProfileOperations => ({
    findProfile: (nodeId) =>
      readOf(
        behalf,
        nodeId,
        () => {
          const row = find.get(nodeId);
          return row && profileOf(row);
        },
        undefined,
      ),

    replaceProfile: (profile) =>
      write(() => {
        const { nodeId, revision, labels } = profile;
        const sources = facts.sourcesOf(nodeId);
        if (sources?.profile.revision !== revision) return false;
        if (!isVisible(behalf, nodeId) || !isInScope(behalf.scope, labels)) return false;
        const after = { ...profile, revision: revision + 1 };
        facts.keepProfile(after);
        facts.keep(behalf, nodeId, deriveProfiled({ ...sources, profile: after }, sources.profile));
        return true;
      }),
  });
}
