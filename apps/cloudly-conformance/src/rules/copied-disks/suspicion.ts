import { expectTaken, expectThat } from '../../rule/expectations.js';
import { CannotTry } from '../../exchange/mismatch.js';
import type { Rule } from '../../rule/rule.js';
import { APART_MS, suspected } from './suspected.js';

/** What makes a node suspected, and what does not. */
export const suspicion: readonly Rule[] = [
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
];
