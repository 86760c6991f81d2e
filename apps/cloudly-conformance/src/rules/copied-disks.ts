import { randomUUID } from 'node:crypto';
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
  /** Each sends its next heartbeat. */
  original: () => Promise<Answer>;
  copy: () => Promise<Answer>;
  copyBootId: string;
  originalBootId: string;
}

/** A node whose disk was copied: two processes speak in turns, each with sequences that rise. */
const suspected = async ({ enrol, heartbeat, wait }: RuleContext): Promise<Copies> => {
  const node = await enrol();
  const bootId = node.bootId();
  let sequence = 1000;
  const original = () => heartbeat(node.heartbeat({ bootId, sequence: (sequence += 1) }), node.nodeToken);
  node.restart();
  const copyBootId = node.bootId();
  const copy = () => heartbeat(node.heartbeat({ bootId: copyBootId }), node.nodeToken);
  expectTaken(await copy(), 'to the copy');
  expectTaken(await original(), 'to the original, once');
  await wait(APART_MS);
  expectTaken(await copy(), 'to the copy again');
  expectTaken(await original(), 'to the original again');
  return { node, original, copy, copyBootId, originalBootId: bootId };
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
  ],
};
