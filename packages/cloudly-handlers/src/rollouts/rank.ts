import { sha256Hex } from '../fleet/hash.js';

const RANK_LENGTH = 16;

/** The place of a node in a rollout's waves, which no property of the node decides, and which differs between rollouts. */
export async function rankOf(rolloutId: string, nodeId: string): Promise<string> {
  return (await sha256Hex(rolloutId + nodeId)).slice(0, RANK_LENGTH);
}
