import { randomUUID } from 'node:crypto';
import { approvalCode } from '@serve.zone/baseos-contracts';
import { type Answer, isObject } from '../exchange/answer.js';
import { commandsIn } from '../exchange/commands-in.js';
import { expectAdmitted, expectProblem, expectTaken, expectThat } from '../rule/expectations.js';
import type { AdmittedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { CannotTry, Mismatch } from '../exchange/mismatch.js';
import type { RuleContext, Section } from '../rule/rule.js';

/** Longer than the minute that distinguishes a copied disk from a late request. */
const APART_MS = 65_000;

/** The number of rejected processes that are remembered. */
const TURNED_AWAY = 8;

interface Copies {
  node: AdmittedNode;
  /** Each sends its next heartbeat, with the token that both have unless another is named. */
  original: (token?: string) => Promise<Answer>;
  copy: (token?: string) => Promise<Answer>;
  copyBootId: string;
  originalBootId: string;
}

/**
 * A node whose disk was copied: two processes send heartbeats in turns, each with rising sequences.
 *
 * @param lastToken the token of the heartbeat that makes the node suspected
 */
async function suspected(context: RuleContext, enrolled?: AdmittedNode, lastToken?: string): Promise<Copies> {
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
}

/** A node that got another token and has not used it. */
async function withNextToken({ enrol, register }: RuleContext): Promise<{ node: AdmittedNode; next: string }> {
  const node = await enrol();
  return { node, next: expectAdmitted(await register(node.registration()), 200) };
}

/** Another device to which the operator gives the node ID. */
async function replaced(context: RuleContext, { nodeId }: AdmittedNode): Promise<AdmittedNode> {
  const { newNode, register, joinToken, ask } = context;
  const replacement = newNode(nodeId);
  await ask('rebind', { nodeId, approvalCode: await approvalCode(replacement.registrationKey) });
  const answer = await register(replacement.registration(), joinToken);
  return { ...replacement, nodeToken: expectAdmitted(answer, 200, 'to the device that replaces the node') };
}

/** That an operator can choose a process that was rejected. */
async function choose({ ask }: RuleContext, nodeId: string, bootId: string): Promise<void> {
  await ask('resolveClone', { nodeId, bootId }).catch((error: unknown) => {
    throw new Mismatch(
      'the rejected boot to be available for the choice',
      error instanceof Error ? error.message : 'none',
    );
  });
}

export const copiedDisks: Section = {
  title: 'Copied disks',
  rules: [
    {
      name: 'no-clone-suspected',
      cites: ['C-2'],
      rule: 'restarts do not make a node suspected, nor does an earlier process that returns twice within a minute',
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
        for (const sequence of [1000, 1001]) await expectTrust({ bootId, sequence }, 'to the previous process');
        if (exchanges.length > askedBefore + 2) throw new CannotTry('Cloudly was busy, and more than a minute passed');
        await expectTrust({}, 'after its return');
      },
    },
    {
      name: 'late-requests-suspect-nobody',
      cites: ['C-2', 'C-1', 'H-5'],
      rule: 'late requests of an earlier process never make a node suspected, however late they are, nor does a repeated one',
      needs: ['slow'],
      run: async ({ enrol, heartbeat, wait }) => {
        const node = await enrol();
        const bootId = node.bootId();
        const { nodeToken } = node;
        expectTaken(await heartbeat(node.heartbeat({ sequence: 10 }), nodeToken), 'to sequence 10');
        node.restart();
        expectTaken(await heartbeat(node.heartbeat(), nodeToken), 'after a restart');
        for (const sequences of [
          [5, 10, 99],
          [7, 10, 99],
        ]) {
          for (const sequence of sequences) {
            const late = await heartbeat(node.heartbeat({ bootId, sequence }), nodeToken);
            const { cloneSuspected } = expectTaken(late, `to sequence ${sequence} of the process of before`);
            expectThat(cloneSuspected !== true, `no cloneSuspected to sequence ${sequence}`, 'cloneSuspected: true');
          }
          await wait(APART_MS);
        }
      },
    },
    {
      name: 'minute-from-first-return',
      cites: ['C-1', 'C-2'],
      rule: 'an earlier process that returns within a minute does not make the node suspected; a minute after its first return it does',
      needs: ['slow'],
      run: async ({ enrol, heartbeat, wait, exchanges }) => {
        const node = await enrol();
        const bootId = node.bootId();
        node.restart();
        expectTaken(await heartbeat(node.heartbeat(), node.nodeToken), 'after a restart');
        const askedBefore = exchanges.length;
        const isSuspectedAt = async (sequence: number): Promise<boolean> => {
          const { cloneSuspected } = expectTaken(await heartbeat(node.heartbeat({ bootId, sequence }), node.nodeToken));
          return cloneSuspected === true;
        };
        expectThat(!(await isSuspectedAt(1000)), 'no cloneSuspected to its first return', 'cloneSuspected: true');
        await wait(APART_MS / 2);
        const isEarly = await isSuspectedAt(1001);
        if (exchanges.length > askedBefore + 2) throw new CannotTry('Cloudly was busy, and more than a minute passed');
        expectThat(!isEarly, 'no cloneSuspected half a minute later', 'cloneSuspected: true');
        await wait(APART_MS / 2);
        expectThat(await isSuspectedAt(1002), 'cloneSuspected: true a minute after its first return', '200 without it');
      },
    },
    {
      name: 'clone-suspected',
      cites: ['C-1', 'C-3'],
      rule: 'an earlier process that returns again, a minute apart, makes the node suspected: both get cloneSuspected: true',
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
  ],
};
