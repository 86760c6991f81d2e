import { commandsIn } from '../../exchange/commands-in.js';
import { expectTaken, expectThat } from '../../rule/expectations.js';
import type { RuleContext, Rule } from '../../rule/rule.js';
import { expectAsked } from './expect-asked.js';

/** The minimum number of previous processes that are remembered. */
const SUPERSEDED_BOOTS = 8;

/** An overwritten status would show: Cloudly would ask for the previous one. */
function expectKept(answer: Awaited<ReturnType<RuleContext['heartbeat']>>): void {
  const { sendFullStatus } = expectTaken(answer, 'to the newest');
  expectThat(sendFullStatus !== true, 'the newest status to be kept', 'sendFullStatus: true, as if it were not');
}

/** Heartbeats that arrive late. */
export const lateHeartbeats: readonly Rule[] = [
  {
    name: 'late-sequence',
    cites: ['H-6'],
    rule: 'a repeated or older sequence is answered 200 and overwrites nothing',
    run: async (context) => {
      const node = await context.enrol();
      const { status } = node.registration();
      const says = (sequence: number, changes: object) =>
        context.heartbeat(node.heartbeat({ sequence, ...changes }), node.nodeToken);
      expectTaken(await says(10, { statusHash: 'newest', status }), 'to sequence 10');
      expectTaken(await says(10, { statusHash: 'repeated', status }), 'to sequence 10 again');
      expectTaken(await says(5, { statusHash: 'late', status }), 'to sequence 5 after it');
      expectKept(await says(11, { statusHash: 'newest' }));
    },
  },
  {
    name: 'late-boot',
    cites: ['H-6', 'H-5', 'C-2'],
    rule: 'a late heartbeat of an earlier process is answered 200, overwrites nothing, and does not make the node suspected',
    run: async (context) => {
      const node = await context.enrol();
      const { status } = node.registration();
      const before = node.heartbeat({ sequence: 99, statusHash: 'late', status });
      node.restart();
      const says = (changes: object) => context.heartbeat(node.heartbeat(changes), node.nodeToken);
      expectTaken(await says({ statusHash: 'newest', status }), 'to the process that runs');
      const late = expectTaken(await context.heartbeat(before, node.nodeToken), 'to the previous process');
      const next = await says({ statusHash: 'newest' });
      expectKept(next);
      const isSuspected = late['cloneSuspected'] === true || next.json['cloneSuspected'] === true;
      expectThat(!isSuspected, 'no cloneSuspected after one late request', 'cloneSuspected: true');
      expectAsked(await says({ statusHash: 'another' }), true, 'to the process that still runs');
    },
  },
  {
    name: 'late-boots-remembered',
    cites: ['H-5'],
    rule: `an earlier process is still recognised after ${SUPERSEDED_BOOTS} others`,
    run: async (context) => {
      const node = await context.enrol();
      const { status } = node.registration();
      const late = node.heartbeat({ statusHash: 'late', status });
      const says = (changes: object) => context.heartbeat(node.heartbeat(changes), node.nodeToken);
      for (let count = 1; count <= SUPERSEDED_BOOTS; count += 1) {
        node.restart();
        expectTaken(await says({ statusHash: 'newest', status }), `to process ${count} after it`);
      }
      expectTaken(await context.heartbeat(late, node.nodeToken), 'to the previous process');
      expectAsked(await says({ statusHash: 'another' }), true, 'to the process that still runs');
    },
  },
  {
    name: 'late-gets-nothing',
    cites: ['H-7', 'T-5'],
    rule: 'the answer to a late heartbeat has neither commands nor a token; the next one that is not late has them',
    needs: ['rotate', 'queueCommand'],
    run: async (context) => {
      const node = await context.enrol();
      const { nodeId, nodeToken } = node;
      await context.ask('rotate', { nodeId });
      await context.ask('queueCommand', { nodeId, kind: 'blink' });
      const late = expectTaken(await context.heartbeat(node.heartbeat({ sequence: 1 }), nodeToken), 'to a late one');
      expectThat(late['nextNodeToken'] === undefined, 'no nextNodeToken for a late heartbeat', 'one');
      expectThat(commandsIn(late).length === 0, 'no commands for a late heartbeat', `${commandsIn(late).length}`);
      const next = expectTaken(await context.heartbeat(node.heartbeat(), nodeToken), 'to the next one');
      expectThat(typeof next['nextNodeToken'] === 'string', 'a nextNodeToken for the next one', 'none');
      expectThat(commandsIn(next).length === 1, 'one command for the next one', `${commandsIn(next).length}`);
    },
  },
];
