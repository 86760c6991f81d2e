import { randomUUID } from 'node:crypto';
import { expectAdmitted, expectProblem, expectTaken, expectThat } from '../../rule/expectations.js';
import type { Rule } from '../../rule/rule.js';
import { suspected, withNextToken } from './suspected.js';

/** What the boot that the operator keeps gets. */
export const keptBoot: readonly Rule[] = [
  {
    name: 'clone-resolved',
    cites: ['C-6'],
    rule: 'the boot that the operator keeps continues as before',
    needs: ['slow', 'resolveClone'],
    run: async (context) => {
      const { node, copy, copyBootId } = await suspected(context);
      const before = expectTaken(await copy());
      expectThat(before['cloneSuspected'] === true, 'cloneSuspected: true before', '200 without it');
      await context.ask('resolveClone', { nodeId: node.nodeId, bootId: copyBootId });
      const { cloneSuspected } = expectTaken(await copy(), 'to the boot that stays');
      expectThat(cloneSuspected !== true, 'no cloneSuspected after that', 'cloneSuspected: true');
    },
  },
  {
    name: 'earlier-clone-resolved',
    cites: ['C-6', 'H-10'],
    rule: 'so does a superseded boot: it is asked for its status, and gets its own token',
    needs: ['slow', 'resolveClone'],
    run: async (context) => {
      const { node, original, copy, originalBootId } = await suspected(context);
      const full = node.fullHeartbeat({ sequence: 1_000_000 });
      expectTaken(await context.heartbeat(full, node.nodeToken), 'to the status of the copy');
      await context.ask('resolveClone', { nodeId: node.nodeId, bootId: originalBootId });
      const { nextNodeToken, sendFullStatus } = expectTaken(await original(), 'to the boot that stays');
      expectThat(typeof nextNodeToken === 'string', 'a nextNodeToken for the boot that stays', 'none');
      expectThat(sendFullStatus === true, 'sendFullStatus: true after the status of the other one', '200 without it');
      expectProblem(await copy(), 'node-token-unknown', 'to the other one');
      expectTaken(await original(String(nextNodeToken)), 'to the new token');
    },
  },
  {
    name: 'clone-next-token-void',
    cites: ['C-6', 'T-2'],
    rule: 'an unused token that was issued before the decision of the operator is invalid',
    needs: ['slow', 'resolveClone'],
    run: async (context) => {
      const { node, next } = await withNextToken(context);
      const { original, copy, copyBootId } = await suspected(context, node);
      await context.ask('resolveClone', { nodeId: node.nodeId, bootId: copyBootId });
      for (const [who, speak] of Object.entries({ 'the other one': original, 'the boot that stays': copy })) {
        expectProblem(await speak(next), 'node-token-unknown', `to the previous token of ${who}`);
      }
      const { nextNodeToken } = expectTaken(await copy(), 'to the boot that stays');
      expectThat(typeof nextNodeToken === 'string', 'a nextNodeToken for the boot that stays', 'none');
    },
  },
  {
    name: 'clone-gets-own-token',
    cites: ['C-6', 'C-7', 'C-8'],
    rule: 'the kept boot gets its own token, which identifies it from then on; the key admits nobody else',
    needs: ['slow', 'resolveClone'],
    run: async (context) => {
      const { node, original, copy, copyBootId, originalBootId } = await suspected(context);
      const { heartbeat, register, joinToken } = context;
      await context.ask('resolveClone', { nodeId: node.nodeId, bootId: copyBootId });
      const { nextNodeToken } = expectTaken(await copy(), 'to the boot that stays');
      const isNew = typeof nextNodeToken === 'string' && nextNodeToken !== node.nodeToken;
      expectThat(isNew, 'a nextNodeToken for the boot that stays', 'none');
      const own = String(nextNodeToken);
      node.restart();
      expectTaken(await heartbeat(node.heartbeat(), own), 'to its new token, which it uses after a restart');
      expectProblem(await original(), 'node-token-unknown', 'to the token that both had');
      node.restart();
      expectTaken(await heartbeat(node.heartbeat(), own), 'to its new token after another restart');
      for (const bootId of [originalBootId, randomUUID()]) {
        const answer = await register(node.registration({ bootId }), joinToken);
        expectProblem(answer, 'node-id-taken', 'to the key of the other one');
      }
      expectAdmitted(await register(node.registration()), 200, 'to the key of the process that runs');
    },
  },
  {
    name: 'decided-and-revoked',
    cites: ['O-3', 'R-1', 'H-1', 'O-5'],
    rule: 'after a decision, a revocation is answered to both devices, and lifting it changes nothing else',
    needs: ['slow', 'resolveClone', 'revoke', 'unrevoke'],
    run: async (context) => {
      const { node, original, copy, copyBootId, originalBootId } = await suspected(context);
      const { nodeId } = node;
      await context.ask('resolveClone', { nodeId, bootId: copyBootId });
      await context.ask('revoke', { nodeId });
      for (const [who, speak] of Object.entries({ 'boot that stays': copy, 'other one': original })) {
        expectProblem(await speak(), 'node-revoked', `to the token of the ${who}`);
      }
      const other = node.registration({ bootId: originalBootId });
      expectProblem(await context.register(other, context.joinToken), 'node-revoked', 'to the key of the other one');
      await context.ask('unrevoke', { nodeId });
      expectProblem(await original(), 'node-token-unknown', 'to the token of the other one after that');
      expectProblem(await context.register(other), 'node-id-taken', 'to its key after that');
      expectTaken(await copy(), 'to the boot that stays after that');
    },
  },
  {
    name: 'suspected-again',
    cites: ['C-1', 'C-5', 'R-1'],
    rule: 'a node is suspected again when the disk of the kept device is copied; its key shows which device is running',
    needs: ['slow', 'resolveClone'],
    run: async (context) => {
      const first = await suspected(context);
      const { nodeId } = first.node;
      await context.ask('resolveClone', { nodeId, bootId: first.copyBootId });
      const { nextNodeToken } = expectTaken(await first.copy(), 'to the boot that stays');
      expectThat(typeof nextNodeToken === 'string', 'a nextNodeToken for the boot that stays', 'none');
      const node = { ...first.node, nodeToken: String(nextNodeToken) };
      expectTaken(await context.heartbeat(node.heartbeat(), node.nodeToken), 'to that token');
      const { original, originalBootId } = await suspected(context, node);
      const { cloneSuspected } = expectTaken(await original());
      expectThat(cloneSuspected === true, 'cloneSuspected: true', '200 without it');
      const byKey = (changes?: object) => context.register(node.registration(changes));
      expectProblem(await byKey(), 'clone-suspected', 'to the key, from the boot that runs');
      expectProblem(await byKey({ bootId: originalBootId }), 'node-id-taken', 'to the key, from the other one');
    },
  },
];
