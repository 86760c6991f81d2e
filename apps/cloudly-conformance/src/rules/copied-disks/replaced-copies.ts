import { approvalCode } from '@serve.zone/baseos-contracts';
import { expectAdmitted, expectTaken, expectThat } from '../../rule/expectations.js';
import type { AdmittedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import type { RuleContext, Rule } from '../../rule/rule.js';
import { suspected } from './suspected.js';

/** Another device to which the operator gives the node ID. */
async function replaced(context: RuleContext, { nodeId }: AdmittedNode): Promise<AdmittedNode> {
  const { newNode, register, joinToken, ask } = context;
  const replacement = newNode(nodeId);
  await ask('rebind', { nodeId, approvalCode: await approvalCode(replacement.registrationKey) });
  const answer = await register(replacement.registration(), joinToken);
  return { ...replacement, nodeToken: expectAdmitted(answer, 200, 'to the device that replaces the node') };
}

/** What a device gets that replaces the copies. */
export const replacedCopies: readonly Rule[] = [
  {
    name: 'rebind-ends-suspicion',
    cites: ['O-6', 'C-3', 'C-5'],
    rule: 'a device that replaces a suspected node is not suspected, and its key admits it',
    needs: ['slow', 'rebind'],
    run: async (context) => {
      const { node } = await suspected(context);
      const replacement = await replaced(context, node);
      const answer = await context.heartbeat(replacement.heartbeat(), replacement.nodeToken);
      const { cloneSuspected } = expectTaken(answer, 'to its heartbeat');
      expectThat(cloneSuspected !== true, 'no cloneSuspected after that', 'cloneSuspected: true');
      expectAdmitted(await context.register(replacement.registration()), 200, 'to its key');
    },
  },
  {
    name: 'rebind-ends-decision',
    cites: ['O-6', 'C-7', 'C-8'],
    rule: 'a device that replaces one of two devices after a decision re-enrols with its key after a restart',
    needs: ['slow', 'resolveClone', 'rebind'],
    run: async (context) => {
      const { node, copyBootId } = await suspected(context);
      await context.ask('resolveClone', { nodeId: node.nodeId, bootId: copyBootId });
      const replacement = await replaced(context, node);
      replacement.restart();
      const { heartbeat, register } = context;
      const nodeToken = expectAdmitted(await register(replacement.registration()), 200, 'to its key');
      expectTaken(await heartbeat(replacement.heartbeat(), nodeToken), 'to its heartbeat');
      replacement.restart();
      expectTaken(await heartbeat(replacement.heartbeat(), nodeToken), 'after another restart');
    },
  },
];
