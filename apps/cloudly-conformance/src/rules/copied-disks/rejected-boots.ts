import { expectProblem, expectTaken } from '../../rule/expectations.js';
import { Mismatch } from '../../exchange/mismatch.js';
import type { RuleContext, Rule } from '../../rule/rule.js';
import { suspected } from './suspected.js';

/** The number of rejected processes that are remembered. */
const TURNED_AWAY = 8;

/** That an operator can choose a process that was rejected. */
async function choose({ ask }: RuleContext, nodeId: string, bootId: string): Promise<void> {
  await ask('resolveClone', { nodeId, bootId }).catch((error: unknown) => {
    throw new Mismatch(
      'the rejected boot to be available for the choice',
      error instanceof Error ? error.message : 'none',
    );
  });
}

/** What the other boots get, and that an operator can still choose them. */
export const rejectedBoots: readonly Rule[] = [
  {
    name: 'clone-shut-out',
    cites: ['C-7'],
    rule: 'the other boot is admitted neither by its token nor by its key',
    needs: ['slow', 'resolveClone'],
    run: async (context) => {
      const { node, original, copyBootId, originalBootId } = await suspected(context);
      await context.ask('resolveClone', { nodeId: node.nodeId, bootId: copyBootId });
      expectProblem(await original(), 'node-token-unknown', 'to its token');
      const answer = await context.register(node.registration({ bootId: originalBootId }), context.joinToken);
      expectProblem(answer, 'node-id-taken', 'to its key');
    },
  },
  {
    name: 'clone-stays-out',
    cites: ['C-7'],
    rule: 'nor is it admitted with a new boot ID of its choice, while the kept boot continues',
    needs: ['slow', 'resolveClone'],
    run: async (context) => {
      const { node, copy, copyBootId } = await suspected(context);
      await context.ask('resolveClone', { nodeId: node.nodeId, bootId: copyBootId });
      expectTaken(await copy(), 'to the boot that stays');
      node.restart();
      const { heartbeat, register, joinToken } = context;
      expectProblem(await heartbeat(node.heartbeat(), node.nodeToken), 'node-token-unknown', 'to its token');
      expectProblem(await register(node.registration(), joinToken), 'node-id-taken', 'to its key');
    },
  },
  {
    name: 'clone-chosen-again',
    cites: ['C-9'],
    rule: 'if the kept boot ends before it has its token, an operator can choose the boot that came after it',
    needs: ['slow', 'resolveClone'],
    run: async (context) => {
      const { node, copyBootId } = await suspected(context);
      const { nodeId, nodeToken } = node;
      await context.ask('resolveClone', { nodeId, bootId: copyBootId });
      node.restart();
      expectProblem(await context.heartbeat(node.heartbeat(), nodeToken), 'node-token-unknown', 'to its next boot');
      await choose(context, nodeId, node.bootId());
      expectTaken(await context.heartbeat(node.heartbeat(), nodeToken), 'to the boot that was chosen');
    },
  },
  {
    name: 'clones-remembered',
    cites: ['C-9'],
    rule: `of the boots that were rejected, by token or key, the last ${TURNED_AWAY} can be chosen`,
    needs: ['slow', 'resolveClone'],
    run: async (context) => {
      for (const chosen of [1, TURNED_AWAY]) {
        const { node, copyBootId } = await suspected(context);
        const { nodeId, nodeToken } = node;
        await context.ask('resolveClone', { nodeId, bootId: copyBootId });
        const bootIds = [];
        for (let count = 0; count <= TURNED_AWAY; count += 1) {
          node.restart();
          bootIds.push(node.bootId());
          if (count % 2 === 0) {
            expectProblem(await context.heartbeat(node.heartbeat(), nodeToken), 'node-token-unknown', 'to a token');
          } else {
            expectProblem(await context.register(node.registration()), 'node-id-taken', 'to a key');
          }
        }
        const bootId = String(bootIds[chosen]);
        await choose(context, nodeId, bootId);
        expectTaken(await context.heartbeat(node.heartbeat({ bootId }), nodeToken), 'to the boot that was chosen');
      }
    },
  },
];
