import type { Answer } from '../exchange/answer.js';
import type { Conversation } from '../exchange/conversation.js';
import { type AdmittedNode, createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { GaveUp } from './gave-up.js';
import { NoAnswer } from '../exchange/mismatch.js';
import { whyNotLetIn } from './why-not-let-in.js';

/**
 * Admits one node: otherwise, nearly every rule would fail for the same reason.
 *
 * @throws GaveUp
 */
export async function letFirstNodeIn(
  { send }: Conversation,
  { url, joinToken }: { url: string; joinToken: string },
): Promise<AdmittedNode> {
  const node = createEmulatedNode();
  const registration = node.registration();
  const outcome = await answerOf(
    send({ endpoint: 'register', credential: joinToken, body: JSON.stringify(registration) }),
  );
  if (!(outcome instanceof NoAnswer)) {
    const { nodeToken } = outcome.json;
    if (outcome.status === 201 && typeof nodeToken === 'string') return { ...node, nodeToken };
  }
  const reason = await whyNotLetIn({ url, joinToken, registration, outcome });
  throw new GaveUp(`No node was admitted: ${reason}`, []);
}

async function answerOf(answer: Promise<Answer>): Promise<Answer | NoAnswer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoAnswer) return error;
    throw error;
  }
}
