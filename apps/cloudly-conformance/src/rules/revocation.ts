import { approvalCode } from '@serve.zone/baseos-contracts';
import type { Answer } from '../exchange/answer.js';
import {
  expectAdmitted,
  expectPending,
  expectProblem,
  expectTaken,
  expectThat,
  requireGoodToken,
} from '../rule/expectations.js';
import type { AdmittedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import type { RuleContext, Section } from '../rule/rule.js';

async function revoked({ enrol, ask }: RuleContext): Promise<AdmittedNode> {
  const node = await enrol();
  await ask('revoke', { nodeId: node.nodeId });
  return node;
}

function expectVerdict(answer: Answer, { nodeId }: AdmittedNode, when: string): void {
  expectProblem(answer, 'node-revoked', when);
  expectThat(answer.json['nodeId'] === nodeId, 'a verdict that names the nodeId', 'another one, or none');
}

export const revocation: Section = {
  title: 'Revocation',
  rules: [
    {
      name: 'revoked-heartbeat',
      cites: ['O-3'],
      rule: 'a revoked node with its token is answered 410 node-revoked, which names it',
      needs: ['revoke'],
      run: async (context) => {
        const node = await revoked(context);
        for (const when of ['to a heartbeat', 'to the next one']) {
          expectVerdict(await context.heartbeat(node.heartbeat(), node.nodeToken), node, when);
        }
      },
    },
    {
      name: 'revoked-registration',
      cites: ['O-3', 'R-1'],
      rule: 'a revoked node with its key is answered 410 node-revoked, with any join token',
      needs: ['revoke'],
      run: async (context) => {
        const node = await revoked(context);
        const { register, joinToken } = context;
        expectVerdict(await register(node.registration()), node, 'without a join token');
        expectVerdict(await register(node.registration(), joinToken), node, 'with a good join token');
        node.restart();
        expectVerdict(await register(node.registration(), 'nonsense'), node, 'after a restart, with a bad join token');
      },
    },
    {
      name: 'revoked-after-message',
      cites: ['R-1', 'H-1'],
      rule: 'a fault in the message of a revoked node is answered before its revocation',
      needs: ['revoke'],
      run: async (context) => {
        const node = await revoked(context);
        const { heartbeat, register } = context;
        expectProblem(await heartbeat(node.heartbeat({ bootId: 7 }), node.nodeToken), 'malformed-request');
        expectProblem(await register(node.registration({ protocol: 2 })), 'unsupported-protocol');
      },
    },
    {
      name: 'revoked-node-id-stays-taken',
      cites: ['O-2'],
      rule: 'the node ID of a revoked node stays reserved: another key is answered 409 node-id-taken',
      needs: ['revoke'],
      run: async (context) => {
        const { nodeId } = await revoked(context);
        const { newNode, register, joinToken } = context;
        expectProblem(await register(newNode(nodeId).registration(), joinToken), 'node-id-taken');
      },
    },
    {
      name: 'revocation-told-to-the-node-alone',
      cites: ['O-4', 'R-4'],
      rule: 'a sender with neither the token nor the key of a revoked node does not learn of the revocation',
      needs: ['revoke'],
      run: async (context) => {
        const node = await revoked(context);
        const { newNode, register, heartbeat, resident } = context;
        expectProblem(await register(newNode(node.nodeId).registration(), 'nonsense'), 'join-token-unknown');
        expectProblem(await heartbeat(node.heartbeat(), 'nonsense'), 'node-token-unknown', 'to nonsense');
        const { nodeToken } = await resident();
        expectProblem(await heartbeat(node.heartbeat(), nodeToken), 'node-token-unknown', "to another node's token");
      },
    },
    {
      name: 'unrevoked',
      cites: ['O-5'],
      rule: 'a node whose revocation was lifted is answered 200 with a nodeToken, by its key',
      needs: ['revoke', 'unrevoke'],
      run: async (context) => {
        const node = await revoked(context);
        expectVerdict(await context.register(node.registration()), node, 'while it is revoked');
        await context.ask('unrevoke', { nodeId: node.nodeId });
        const nodeToken = expectAdmitted(await context.register(node.registration()), 200);
        expectTaken(await context.heartbeat(node.heartbeat(), nodeToken), 'to its heartbeat');
      },
    },
    {
      name: 'unrevoked-by-token',
      cites: ['O-5'],
      rule: 'a node whose revocation was lifted is answered 200 by the token that it has',
      needs: ['revoke', 'unrevoke'],
      run: async (context) => {
        const node = await revoked(context);
        const speak = () => context.heartbeat(node.heartbeat(), node.nodeToken);
        expectVerdict(await speak(), node, 'while it is revoked');
        await context.ask('unrevoke', { nodeId: node.nodeId });
        expectTaken(await speak(), 'after that');
      },
    },
    {
      name: 'revoked-next-token',
      cites: ['O-3', 'O-5'],
      rule: 'both tokens of a node are answered 410 while it is revoked, and are valid again afterwards',
      needs: ['revoke', 'unrevoke'],
      run: async (context) => {
        const node = await context.enrol();
        const next = expectAdmitted(await context.register(node.registration()), 200);
        const speak = (token: string) => context.heartbeat(node.heartbeat(), token);
        await context.ask('revoke', { nodeId: node.nodeId });
        expectVerdict(await speak(next), node, 'to its next token');
        expectVerdict(await speak(node.nodeToken), node, 'to its current token');
        await context.ask('unrevoke', { nodeId: node.nodeId });
        expectTaken(await speak(node.nodeToken), 'to its current token after that');
        expectTaken(await speak(next), 'to its next token after that');
      },
    },
    {
      name: 'rebind',
      cites: ['O-6', 'I-4'],
      rule: 'an operator can give a node ID to one other key, once: the earlier key and a third one are answered 409',
      needs: ['rebind'],
      run: async ({ enrol, newNode, register, heartbeat, joinToken, ask }) => {
        const node = await enrol();
        const replacement = newNode(node.nodeId);
        expectProblem(await register(replacement.registration(), joinToken), 'node-id-taken', 'before');
        const code = await approvalCode(replacement.registrationKey);
        await ask('rebind', { nodeId: node.nodeId, approvalCode: code });
        expectProblem(await register(replacement.registration()), 'join-token-missing', 'without a join token');
        const nodeToken = expectAdmitted(await register(replacement.registration(), joinToken), 200);
        expectProblem(await heartbeat(node.heartbeat(), node.nodeToken), 'node-token-unknown', 'to the previous token');
        expectTaken(await heartbeat(replacement.heartbeat(), nodeToken), 'to its heartbeat');
        expectProblem(await register(node.registration(), joinToken), 'node-id-taken', 'to the previous key');
        expectProblem(
          await register(newNode(node.nodeId).registration(), joinToken),
          'node-id-taken',
          'to a third key',
        );
        expectAdmitted(await register(replacement.registration()), 200, 'to the new key again');
      },
    },
    {
      name: 'rebind-of-pending',
      cites: ['O-6', 'R-1', 'R-9'],
      rule: 'a device that replaces a pending node is also pending',
      needs: ['approvalJoinToken', 'rebind'],
      run: async ({ newNode, register, joinToken, token, ask }) => {
        const { nodeId, registration } = newNode();
        const first = await register(registration(), token('approvalJoinToken'));
        requireGoodToken(first, 'approvalJoinToken');
        expectPending(first);
        const replacement = newNode(nodeId);
        await ask('rebind', { nodeId, approvalCode: await approvalCode(replacement.registrationKey) });
        expectPending(await register(replacement.registration(), joinToken), 'to the device that replaces it');
        expectPending(await register(replacement.registration()), 'to its key');
        expectProblem(await register(registration(), joinToken), 'node-id-taken', 'to the previous key');
      },
    },
    {
      name: 'rebind-of-revoked',
      cites: ['O-7'],
      rule: 'no other key gets the node ID of a revoked node, even if the operator allows it',
      needs: ['revoke', 'rebind'],
      run: async (context) => {
        const { ask, joinToken, newNode, register } = context;
        const replacementOf = async ({ nodeId }: AdmittedNode) => {
          const replacement = newNode(nodeId);
          return { replacement, rebind: { nodeId, approvalCode: await approvalCode(replacement.registrationKey) } };
        };
        const first = await revoked(context);
        const late = await replacementOf(first);
        // The operator's command may also refuse it.
        await ask('rebind', late.rebind).catch(() => undefined);
        expectProblem(await register(late.replacement.registration(), joinToken), 'node-id-taken', 'allowed after');

        const second = await context.enrol();
        const early = await replacementOf(second);
        await ask('rebind', early.rebind);
        await ask('revoke', { nodeId: second.nodeId });
        expectProblem(await register(early.replacement.registration(), joinToken), 'node-id-taken', 'allowed before');
      },
    },
  ],
};
