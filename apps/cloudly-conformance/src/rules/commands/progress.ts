import { commandPhases, limits } from '@serve.zone/baseos-contracts';
import { expectThat } from '../../rule/expectations.js';
import type { Rule } from '../../rule/rule.js';
import { has, listed, queued } from './queued-command.js';

/** What a node says of a command under way, and how it ends. */
export const progress: readonly Rule[] = [
  {
    name: 'running-command-stays-listed',
    cites: ['D-14', 'J-12', 'J-14'],
    rule: 'a command that the node names stays listed, in any phase and with anything unusable beside it',
    needs: ['queueCommand'],
    run: async (context) => {
      const { node, id } = await queued(context);
      const named = { reason: 'The service main holds a lock', sinceMs: 5000, progressPercent: 40 };
      const unusable = { reason: 7, sinceMs: -1, progressPercent: 400 };
      const expectListed = async (phase: string, beside: object): Promise<void> => {
        const when = `in the phase ${phase}`;
        const commands = await listed(context, node, { runningCommand: { id, phase, ...beside } }, when);
        expectThat(has(commands, id), `the command ${when}`, 'none');
      };
      for (const phase of [...commandPhases, 'of-a-newer-node']) await expectListed(phase, named);
      await expectListed('verifying', unusable);
    },
  },
  {
    name: 'unknown-outcome',
    cites: ['D-13', 'J-12'],
    rule: 'a result ends its command, whatever the word for its outcome is',
    needs: ['queueCommand'],
    run: async (context) => {
      const { node, id } = await queued(context);
      const commandResults = [{ id, outcome: 'of-a-newer-node', durationMs: 1 }];
      expectThat(!has(await listed(context, node, { commandResults }), id), 'none after its result', 'the command');
      expectThat(!has(await listed(context, node), id), 'none from then on', 'the command');
    },
  },
  {
    name: 'largest-results',
    cites: ['D-15', 'J-13'],
    rule: `${limits.commandResultsMax} results of the largest size count`,
    needs: ['queueCommand'],
    run: async (context) => {
      const { node, id } = await queued(context);
      const others = Array.from({ length: limits.commandResultsMax - 1 }, () => crypto.randomUUID());
      // Four bytes a character.
      const message = '\u{1F3E0}'.repeat(limits.commandMessageMaxLength);
      const details = { text: 'x'.repeat(limits.commandDetailsMaxBytes - '{"text":""}'.length) };
      const commandResults = [...others, id].map((each) => ({
        id: each,
        outcome: 'failed',
        durationMs: 1,
        error: { code: 'supervisor-failed', message },
        details,
      }));
      const commands = await listed(context, node, { commandResults }, 'with the largest results');
      expectThat(!has(commands, id), 'none after the last of them', 'the command');
    },
  },
];
