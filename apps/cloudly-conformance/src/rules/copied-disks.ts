import { randomUUID } from 'node:crypto';
import { approvalCode } from '@serve.zone/baseos-contracts';
import type { Answer } from '../answer.js';
import { describeAnswer } from '../answer.js';
import { expectAdmitted, expectProblem, expectTaken, expectThat } from '../expectations.js';
import type { AdmittedNode } from '../emulated-node.js';
import { CannotTry, Mismatch } from '../mismatch.js';
import type { RuleContext, Section } from '../rule.js';

/** Longer than the minute that tells a copied disk from a late request. */
const APART_MS = 65_000;

interface Copies {
  node: AdmittedNode;
  /** Each sends its next heartbeat, with the token that both have unless another is named. */
  original: (token?: string) => Promise<Answer>;
  copy: (token?: string) => Promise<Answer>;
  copyBootId: string;
  originalBootId: string;
}

/**
 * A node whose disk was copied: two processes speak in turns, each with sequences that rise.
 *
 * @param lastToken what the heartbeat comes with that makes the node suspected
 */
const suspected = async (context: RuleContext, enrolled?: AdmittedNode, lastToken?: string): Promise<Copies> => {
  const { enrol, heartbeat, wait } = context;
  const node = enrolled ?? (await enrol());
  const bootId = node.bootId();
  let sequence = 1000;
  const original = (token = node.nodeToken) => heartbeat(node.heartbeat({ bootId, sequence: (sequence += 1) }), token);
  node.restart();
  const copyBootId = node.bootId();
  const copy = (token = node.nodeToken) => heartbeat(node.heartbeat({ bootId: copyBootId }), token);
  expectTaken(await copy(), 'to the copy');
  expectTaken(await original(), 'to the original, once');
  await wait(APART_MS);
  expectTaken(await copy(), 'to the copy again');
  expectTaken(await original(lastToken), 'to the original again');
  return { node, original, copy, copyBootId, originalBootId: bootId };
};

/** A node that was given another token and has not used it. */
const withNextToken = async ({ enrol, register }: RuleContext): Promise<{ node: AdmittedNode; next: string }> => {
  const node = await enrol();
  return { node, next: expectAdmitted(await register(node.registration()), 200) };
};

/** Another device that the operator lets have the node ID. */
const replaced = async (context: RuleContext, { nodeId }: AdmittedNode): Promise<AdmittedNode> => {
  const { newNode, register, joinToken, ask } = context;
  const replacement = newNode(nodeId);
  await ask('rebind', { nodeId, approvalCode: await approvalCode(replacement.registrationKey) });
  const answer = await register(replacement.registration(), joinToken);
  return { ...replacement, nodeToken: expectAdmitted(answer, 200, 'to the device that replaces the node') };
};

export const copiedDisks: Section = {
  title: 'Copied disks',
  rules: [
    {
      name: 'no-clone-suspected',
      cites: ['C-2'],
      rule: 'restarts make nobody suspected, nor does a process of before that comes back twice within a minute',
      run: async ({ enrol, heartbeat, exchanges }) => {
        const node = await enrol();
        const bootId = node.bootId();
        const expectTrust = async (changes: object, when: string): Promise<void> => {
          const { cloneSuspected } = expectTaken(await heartbeat(node.heartbeat(changes), node.nodeToken), when);
          expectThat(cloneSuspected !== true, `no cloneSuspected ${when}`, 'cloneSuspected: true');
        };
        for (const when of ['after a restart', 'after another restart']) {
          node.restart();
          await expectTrust({}, when);
        }
        const askedBefore = exchanges.length;
        for (const sequence of [1000, 1001]) await expectTrust({ bootId, sequence }, 'to the process of before');
        if (exchanges.length > askedBefore + 2) throw new CannotTry('Cloudly was busy, and more than a minute passed');
        await expectTrust({}, 'after its return');
      },
    },
    {
      name: 'clone-suspected',
      cites: ['C-1', 'C-3'],
      rule: 'a process of before that comes back again, a minute apart, makes the node suspected: both get cloneSuspected: true',
      needs: ['slow'],
      run: async (context) => {
        const { original, copy } = await suspected(context);
        for (const [who, speak] of Object.entries({ original, copy })) {
          const { cloneSuspected } = expectTaken(await speak(), `to the ${who}`);
          expectThat(cloneSuspected === true, `cloneSuspected: true to the ${who}`, '200 without it');
        }
      },
    },
    {
      name: 'suspected-gets-no-tokens',
      cites: ['C-4', 'C-5'],
      rule: 'of a suspected node, neither device gets a token or commands, and its key is answered 409 clone-suspected',
      needs: ['slow'],
      run: async (context) => {
        const { node, original, copy } = await suspected(context);
        for (const speak of [original, copy, original]) {
          const { nextNodeToken, desiredState } = expectTaken(await speak());
          expectThat(nextNodeToken === undefined, 'no nextNodeToken', 'one');
          const commands = (desiredState as { commands?: unknown[] } | undefined)?.commands ?? [];
          expectThat(commands.length === 0, 'no commands', `${commands.length} commands`);
        }
        expectProblem(await context.register(node.registration(), context.joinToken), 'clone-suspected');
      },
    },
    {
      name: 'suspected-keeps-its-tokens',
      cites: ['C-4', 'C-1'],
      rule: 'the tokens of a suspected node stay what they are: to use the next one does not make the current one void',
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
      name: 'suspected-and-revoked',
      cites: ['O-3', 'R-1', 'H-1'],
      rule: 'a suspected node that is revoked is told that: 410 node-revoked to its token and its key',
      needs: ['slow', 'revoke'],
      run: async (context) => {
        const { node, original } = await suspected(context);
        await context.ask('revoke', { nodeId: node.nodeId });
        expectProblem(await original(), 'node-revoked', 'to its token');
        expectProblem(await context.register(node.registration()), 'node-revoked', 'to its key');
      },
    },
    {
      name: 'clone-resolved',
      cites: ['C-6'],
      rule: 'the boot that stays, by the word of the operator, goes on as before',
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
      rule: 'so does one that the other had taken over from: it is asked for its status, and gets a token of its own',
      needs: ['slow', 'resolveClone'],
      run: async (context) => {
        const { node, original, copy, originalBootId } = await suspected(context);
        expectTaken(await context.heartbeat(node.fullHeartbeat(), node.nodeToken), 'to the status of the copy');
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
      rule: 'a token that the node was given before the operator decided, and has not used, is void',
      needs: ['slow', 'resolveClone'],
      run: async (context) => {
        const { node, next } = await withNextToken(context);
        const { original, copy, copyBootId } = await suspected(context, node);
        await context.ask('resolveClone', { nodeId: node.nodeId, bootId: copyBootId });
        for (const [who, speak] of Object.entries({ 'the other one': original, 'the boot that stays': copy })) {
          expectProblem(await speak(next), 'node-token-unknown', `to the token of before, of ${who}`);
        }
        const { nextNodeToken } = expectTaken(await copy(), 'to the boot that stays');
        expectThat(typeof nextNodeToken === 'string', 'a nextNodeToken for the boot that stays', 'none');
      },
    },
    {
      name: 'clone-shut-out',
      cites: ['C-7'],
      rule: 'the other one gets in neither by its token nor by its key',
      needs: ['slow', 'resolveClone'],
      run: async (context) => {
        const { node, original, copyBootId, originalBootId } = await suspected(context);
        await context.ask('resolveClone', { nodeId: node.nodeId, bootId: copyBootId });
        expectProblem(await original(), 'node-token-unknown', 'to its token');
        const answer = await context.register(node.registration({ bootId: originalBootId }), context.joinToken);
        expectThat(answer.status === 409, '409 to its key', describeAnswer(answer));
      },
    },
    {
      name: 'clone-stays-out',
      cites: ['C-7'],
      rule: 'nor does it as a new boot, which it may choose itself, while the boot that stays goes on',
      needs: ['slow', 'resolveClone'],
      run: async (context) => {
        const { node, copy, copyBootId } = await suspected(context);
        await context.ask('resolveClone', { nodeId: node.nodeId, bootId: copyBootId });
        expectTaken(await copy(), 'to the boot that stays');
        node.restart();
        const { heartbeat, register, joinToken } = context;
        expectProblem(await heartbeat(node.heartbeat(), node.nodeToken), 'node-token-unknown', 'to its token');
        const answer = await register(node.registration(), joinToken);
        expectThat(answer.status === 409, '409 to its key', describeAnswer(answer));
      },
    },
    {
      name: 'clone-gets-own-token',
      cites: ['C-6', 'C-7', 'C-8'],
      rule: 'the boot that stays gets a token of its own, and is known by that from then on; the key lets nobody else in',
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
          expectThat(answer.status === 409, '409 to the key of the other one', describeAnswer(answer));
        }
        expectAdmitted(await register(node.registration()), 200, 'to the key of the process that runs');
      },
    },
    {
      name: 'clone-chosen-again',
      cites: ['C-9'],
      rule: 'if the boot that stays ends before it has its token, an operator can choose the one that came after it',
      needs: ['slow', 'resolveClone'],
      run: async (context) => {
        const { node, copyBootId } = await suspected(context);
        const { nodeId, nodeToken } = node;
        await context.ask('resolveClone', { nodeId, bootId: copyBootId });
        node.restart();
        expectProblem(await context.heartbeat(node.heartbeat(), nodeToken), 'node-token-unknown', 'to its next boot');
        await context.ask('resolveClone', { nodeId, bootId: node.bootId() }).catch((error: unknown) => {
          throw new Mismatch('the boot that was refused to be chosen', error instanceof Error ? error.message : 'none');
        });
        expectTaken(await context.heartbeat(node.heartbeat(), nodeToken), 'to the boot that was chosen');
      },
    },
    {
      name: 'rebind-ends-suspicion',
      cites: ['O-6', 'C-3', 'C-5'],
      rule: 'a device that replaces a suspected node is not suspected, and its key lets it in',
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
      rule: 'a device that replaces one of two that an operator decided between comes back by its key after a restart',
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
  ],
};
