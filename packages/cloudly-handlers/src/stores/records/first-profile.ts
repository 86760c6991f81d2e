import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import type { NodeProfile } from '../../fleet/node-profile.js';
import type { NodeRecord } from '../../fleet/node-record.js';

/** The profile that a node begins with. Its revision is as random as that of the record, because node IDs are used again. */
export function firstProfile({ nodeId, revision }: NodeRecord, { labels = {} }: JoinTokenRecord): NodeProfile {
  return { nodeId, revision, labels: { ...labels } };
}
