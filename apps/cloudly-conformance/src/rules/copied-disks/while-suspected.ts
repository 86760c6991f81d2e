import { isObject } from '../../exchange/answer.js';
import { commandsIn } from '../../exchange/commands-in.js';
import { expectProblem, expectTaken, expectThat } from '../../rule/expectations.js';
import { Mismatch } from '../../exchange/mismatch.js';
import type { Rule } from '../../rule/rule.js';
import { suspected, withNextToken } from './suspected.js';

/** What a suspected node gets. */
export const whileSuspected: readonly Rule[] = [
  {
    name: 'suspected-gets-no-tokens',
    cites: ['C-4', 'C-5'],
    rule: 'of a suspected node, neither device gets a token or commands, and its key is answered 409 clone-suspected',
    needs: ['slow'],
    run: async (context) => {
      const { node, original, copy } = await suspected(context);
      for (const speak of [original, copy, original]) {
        const answer = expectTaken(await speak());
        expectThat(answer['nextNodeToken'] === undefined, 'no nextNodeToken', 'one');
        expectThat(commandsIn(answer).length === 0, 'no commands', `${commandsIn(answer).length} commands`);
      }
      expectProblem(await context.register(node.registration(), context.joinToken), 'clone-suspected');
    },
  },
  {
    name: 'suspected-keeps-its-tokens',
    cites: ['C-4', 'C-1'],
    rule: 'the tokens of a suspected node do not change: using the next one does not invalidate the current one',
    needs: ['slow'],
    run: async (context) => {
      const { node, next } = await withNextToken(context);
      const { original, copy } = await suspected(context, node, next);
      expectTaken(await copy(), 'to the current token, after the next one made the node suspected');
      expectTaken(await original(next), 'to the next token');
      expectTaken(await copy(), 'to the current token after that');
    },
  },
  {
    name: 'suspected-until-decided',
    cites: ['C-4', 'C-3', 'H-3', 'D-7'],
    rule: 'a suspected node gets its token and command later; its results and status are accepted in the meantime',
    needs: ['slow', 'rotate', 'queueCommand', 'resolveClone'],
    run: async (context) => {
      const node = await context.enrol();
      const { nodeId, nodeToken } = node;
      await context.ask('queueCommand', { nodeId, kind: 'blink' });
      const [command] = commandsIn(expectTaken(await context.heartbeat(node.heartbeat(), nodeToken)));
      if (!isObject(command)) throw new Mismatch('the command before the node is suspected', 'none');
      const { original, copy, copyBootId } = await suspected(context, node);
      await context.ask('rotate', { nodeId });
      await context.ask('queueCommand', { nodeId, kind: 'blink' });
      for (const speak of [original, copy]) {
        const answer = expectTaken(await speak());
        expectThat(answer['nextNodeToken'] === undefined, 'no nextNodeToken', 'one');
        expectThat(commandsIn(answer).length === 0, 'no commands', `${commandsIn(answer).length}`);
      }
      const { status } = node.registration();
      const commandResults = [{ id: command['id'], outcome: 'succeeded', durationMs: 1 }];
      const says = (changes: object) => context.heartbeat(node.heartbeat(changes), nodeToken);
      expectTaken(await says({ statusHash: 'newest', status, commandResults }), 'to a status and a result');
      const { sendFullStatus } = expectTaken(await says({ statusHash: 'newest' }), 'to the hash of that status');
      expectThat(sendFullStatus !== true, 'no sendFullStatus for a status that has come', 'sendFullStatus: true');
      await context.ask('resolveClone', { nodeId, bootId: copyBootId });
      const after = expectTaken(await copy(), 'to the boot that stays');
      expectThat(typeof after['nextNodeToken'] === 'string', 'a nextNodeToken for the boot that stays', 'none');
      const ids = commandsIn(after).map((listed) => isObject(listed) && listed['id']);
      expectThat(ids.length === 1, 'the one command without a result for the boot that stays', `${ids.length}`);
      expectThat(!ids.includes(String(command['id'])), 'the command without a result', 'the one that has a result');
    },
  },
  {
    name: 'suspected-and-revoked',
    cites: ['O-3', 'R-1', 'H-1'],
    rule: 'a suspected node that is revoked is answered 410 node-revoked, to its token and its key',
    needs: ['slow', 'revoke'],
    run: async (context) => {
      const { node, original } = await suspected(context);
      await context.ask('revoke', { nodeId: node.nodeId });
      expectProblem(await original(), 'node-revoked', 'to its token');
      expectProblem(await context.register(node.registration()), 'node-revoked', 'to its key');
    },
  },
  {
    name: 'suspected-and-unrevoked',
    cites: ['O-5', 'C-5'],
    rule: 'a suspected node whose revocation was lifted is suspected as before',
    needs: ['slow', 'revoke', 'unrevoke'],
    run: async (context) => {
      const { node, copy } = await suspected(context);
      await context.ask('revoke', { nodeId: node.nodeId });
      await context.ask('unrevoke', { nodeId: node.nodeId });
      const { cloneSuspected } = expectTaken(await copy(), 'to its token');
      expectThat(cloneSuspected === true, 'cloneSuspected: true to its token', '200 without it');
      expectProblem(await context.register(node.registration()), 'clone-suspected', 'to its key');
    },
  },
];
