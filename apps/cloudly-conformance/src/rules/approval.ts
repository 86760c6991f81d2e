import type { Answer } from '../exchange/answer.js';
import { expectAdmitted, expectPending, expectProblem, expectTaken, requireGoodToken } from '../rule/expectations.js';
import type { Section } from '../rule/rule.js';

/** A new node, by a join token that the operator has given for it. */
function expectWaits(answer: Answer): void {
  requireGoodToken(answer, 'approvalJoinToken');
  expectPending(answer);
}

export const approval: Section = {
  title: 'Approval',
  rules: [
    {
      name: 'pending',
      cites: ['R-9'],
      rule: "a new node whose join token requires approval is answered 202 with reason 'pending-approval' and no token",
      needs: ['approvalJoinToken'],
      run: async ({ newNode, register, token }) =>
        expectWaits(await register(newNode().registration(), token('approvalJoinToken'))),
    },
    {
      name: 'still-pending',
      cites: ['R-9', 'O-2'],
      rule: 'a pending node gets the same answer by its key alone, and its node ID is reserved',
      needs: ['approvalJoinToken'],
      run: async ({ newNode, register, token, joinToken }) => {
        const node = newNode();
        expectWaits(await register(node.registration(), token('approvalJoinToken')));
        expectPending(await register(node.registration()), 'without a join token');
        expectPending(await register(node.registration(), joinToken), 'with a join token that demands no approval');
        expectProblem(
          await register(newNode(node.nodeId).registration(), joinToken),
          'node-id-taken',
          'to another key',
        );
      },
    },
    {
      name: 'approved',
      cites: ['O-1', 'R-9'],
      rule: 'an approved node is answered 200 with a nodeToken, by its key',
      needs: ['approvalJoinToken', 'approve'],
      run: async ({ newNode, register, heartbeat, token, ask }) => {
        const node = newNode();
        expectWaits(await register(node.registration(), token('approvalJoinToken')));
        await ask('approve', { nodeId: node.nodeId });
        const nodeToken = expectAdmitted(await register(node.registration()), 200);
        expectTaken(await heartbeat(node.heartbeat(), nodeToken), 'to its heartbeat');
      },
    },
  ],
};
