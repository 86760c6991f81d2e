import { untilUndisturbed } from '../fleet/change-node.js';
import type { Answer } from '../messages/answer.js';

/**
 * The answer to a request that claims to come from this node. It is judged again whenever the node was changed between
 * the read and the write; `judgeOnce` then has no answer.
 */
export async function judgeUntilKept(nodeId: string, judgeOnce: () => Promise<Answer | undefined>): Promise<Answer> {
  const answer = await untilUndisturbed(nodeId, judgeOnce);
  return 'problem' in answer ? { ...answer, claimedNodeId: nodeId } : answer;
}
