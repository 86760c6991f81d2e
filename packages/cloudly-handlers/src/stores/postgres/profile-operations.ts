import { isInScope } from '../../selector/matches.js';
import type { Behalf } from '../records/behalf.js';
import { deriveProfiled } from '../records/derive-node.js';
import { nodeEvents } from '../records/node-events.js';
import { labelRows, profileColumns, profileOf, type ProfileRow } from '../records/profile-rows.js';
import type { ProfileOperations } from '../records/store-operations.js';
import type { FactsKeeping } from './facts-keeping.js';
import { inScope, scopeValue } from './in-scope.js';
import { saveRows } from './save-rows.js';
import { statements } from './statement.js';
import type { Telling } from './telling.js';

export function createProfileOperations({ query, transaction }: Telling, schema: string, facts: FactsKeeping) {
  const profiles = profileStatements(schema);

  return (behalf: Behalf): ProfileOperations => ({
    async findProfile(nodeId) {
      const [row] = await query<ProfileRow>(profiles.find, [nodeId, scopeValue(behalf.scope)]);
      return row && profileOf(row);
    },

    replaceProfile: (profile) =>
      transaction(async (queries) => {
        const { nodeId, labels } = profile;
        await queries.query(profiles.lock, [nodeId]);
        const [sources] = await facts.read(queries, [nodeId]);
        if (sources?.profile.revision !== profile.revision) return false;
        const isVisible = [sources.profile, profile].every((each) => isInScope(behalf.scope, each.labels));
        if (!isVisible) return false;
        await queries.query(profiles.replace, [nodeId, profileColumns(profile).record]);
        await queries.query(profiles.dropLabels, [nodeId, Object.keys(labels)]);
        await saveRows(queries, profiles.saveLabels, labelRows(profile));
        const derived = deriveProfiled({ ...sources, profile }, sources.profile);
        await facts.write(queries, [{ derived, before: sources.before }]);
        queries.tell(nodeEvents(behalf, nodeId, derived.changes));
        return true;
      }),
  });
}

function profileStatements(schema: string) {
  return statements('profile', {
    find: `
      SELECT node_id, revision, record FROM ${schema}.node_profile
      WHERE node_id = $1 AND ${inScope(schema, 'node_profile.node_id', '$2')}`,
    lock: `SELECT FROM ${schema}.presence WHERE node_id = $1 FOR NO KEY UPDATE`,
    replace: `UPDATE ${schema}.node_profile SET revision = revision + 1, record = $2 WHERE node_id = $1`,
    dropLabels: `DELETE FROM ${schema}.node_label WHERE node_id = $1 AND key <> ALL ($2::text[])`,
    saveLabels: `
      INSERT INTO ${schema}.node_label AS label (node_id, key, value)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
      ON CONFLICT (node_id, key) DO UPDATE SET value = excluded.value WHERE label.value <> excluded.value`,
  });
}
