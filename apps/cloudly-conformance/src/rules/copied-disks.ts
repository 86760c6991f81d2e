import type { Answer } from '../answer.js';
import { describeAnswer } from '../answer.js';
import { expectProblem, expectTaken, expectThat } from '../expectations.js';
import type { AdmittedNode } from '../emulated-node.js';
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
      name: 'clone-suspected',
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
      name: 'clone-resolved',
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
  ],
};
