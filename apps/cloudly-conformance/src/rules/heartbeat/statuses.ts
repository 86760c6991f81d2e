import { limits } from '@serve.zone/baseos-contracts';
import { commandsIn } from '../../exchange/commands-in.js';
import { expectAdmitted, expectTaken, expectThat } from '../../rule/expectations.js';
import type { Rule } from '../../rule/rule.js';
import { expectAsked } from './expect-asked.js';

/** When a node is asked for its status, and which process is the running one. */
export const statuses: readonly Rule[] = [
  {
    name: 'no-status-yet',
    cites: ['H-10', 'R-12'],
    rule: 'a node is asked for its status if Cloudly does not have it under the given hash: sendFullStatus: true',
    run: async ({ admit, heartbeat: beat }) => {
      const node = await admit();
      const answer = await beat(node.heartbeat(), node.nodeToken);
      expectAsked(answer, true, 'to a first heartbeat without a status');
    },
  },
  {
    name: 'status-known-by-hash',
    cites: ['H-10'],
    rule: 'a node that has sent its status is not asked again until it gives another hash',
    run: async ({ enrol, heartbeat: beat }) => {
      const node = await enrol();
      const says = (changes: object) => beat(node.heartbeat(changes), node.nodeToken);
      const { status } = node.registration();
      expectAsked(await says({ statusHash: 'one' }), true, 'to a hash that is new');
      expectAsked(await says({ statusHash: 'one' }), true, 'as long as the status does not come');
      expectAsked(await says({ statusHash: 'one', status }), false, 'with the status');
      expectAsked(await says({ statusHash: 'one' }), false, 'to the hash of that status');
      expectAsked(await says({ statusHash: 'two' }), true, 'to another hash');
    },
  },
  {
    name: 'status-of-another-process',
    cites: ['H-10'],
    rule: 'a restarted node is asked for its status, with any hash',
    run: async ({ enrol, heartbeat: beat }) => {
      const node = await enrol();
      node.restart();
      expectAsked(await beat(node.heartbeat(), node.nodeToken), true, 'to the hash of the process of before');
    },
  },
  {
    name: 'status-of-registration',
    cites: ['R-12', 'H-10'],
    rule: 'the status in a registration has no hash, and does not replace another one of its process',
    run: async ({ enrol, register, heartbeat: beat }) => {
      const node = await enrol();
      expectAdmitted(await register(node.registration()), 200);
      expectAsked(await beat(node.heartbeat(), node.nodeToken), false, 'to the hash of the status from a heartbeat');
      node.restart();
      expectAdmitted(await register(node.registration()), 200, 'after a restart');
      expectAsked(await beat(node.heartbeat(), node.nodeToken), true, 'to the hash of the process of before');
    },
  },
  {
    name: 'late-registration',
    cites: ['R-12', 'H-5'],
    rule: 'a registration by a superseded process is answered 200, but does not make it the running one, and its status does not count',
    run: async ({ enrol, register, heartbeat: beat }) => {
      const node = await enrol();
      const late = node.registration();
      node.restart();
      expectTaken(await beat(node.fullHeartbeat(), node.nodeToken), 'to the process that took over');
      expectAdmitted(await register(late), 200, 'to the key, from the process of before');
      expectAsked(await beat(node.heartbeat(), node.nodeToken), false, 'to the process that took over');
      const another = node.heartbeat({ statusHash: 'another' });
      expectAsked(await beat(another, node.nodeToken), true, 'to its next status, as it still runs');
    },
  },
  {
    name: 'registration-takes-over',
    cites: ['R-12', 'H-5', 'H-7'],
    rule: 'a registration by a new process makes it the running one: the previous one no longer gets commands',
    needs: ['queueCommand'],
    run: async (context) => {
      const node = await context.enrol();
      const bootId = node.bootId();
      await context.ask('queueCommand', { nodeId: node.nodeId, kind: 'blink' });
      node.restart();
      expectAdmitted(await context.register(node.registration()), 200);
      const before = await context.heartbeat(node.heartbeat({ bootId, sequence: 1000 }), node.nodeToken);
      const lateCount = commandsIn(expectTaken(before, 'to the previous process')).length;
      expectThat(lateCount === 0, 'no commands for the previous process', `${lateCount}`);
      const count = commandsIn(expectTaken(await context.heartbeat(node.heartbeat(), node.nodeToken))).length;
      expectThat(count === 1, 'the command for the process that registered', `${count} commands`);
    },
  },
  {
    name: 'opaque-hash',
    cites: ['H-9'],
    rule: `statusHash is any text of ${limits.statusHashMaxLength} characters at most, compared without change`,
    run: async ({ enrol, heartbeat: beat }) => {
      const node = await enrol();
      const says = (changes: object) => beat(node.heartbeat(changes), node.nodeToken);
      const { status } = node.registration();
      for (const statusHash of ['x', 'aB'.repeat(32), `'); -- "{} \u00fc\u{1f9ca}`]) {
        expectAsked(await says({ statusHash, status }), false, 'with the status');
        expectAsked(await says({ statusHash }), false, 'to the same hash');
      }
      expectAsked(await says({ statusHash: 'Ab', status }), false, 'with the status');
      expectAsked(await says({ statusHash: 'aB' }), true, 'to the hash in other letters');
      expectAsked(await says({ statusHash: 'A' }), true, 'to the beginning of the hash');
    },
  },
];
