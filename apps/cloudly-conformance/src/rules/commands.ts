import { limits } from '@serve.zone/baseos-contracts';
import { isObject } from '../exchange/answer.js';
import { expectThat } from '../rule/expectations.js';
import type { Section } from '../rule/rule.js';
import { progress } from './commands/progress.js';
import { has, listed, queued } from './commands/queued-command.js';
import { updatesSetting } from './commands/updates-setting.js';

export const commands: Section = {
  title: 'Commands',
  rules: [
    {
      name: 'command-listed',
      cites: ['D-3', 'D-4'],
      rule: 'a command is listed in every answer while it is due',
      needs: ['queueCommand'],
      run: async (context) => {
        const { node, id } = await queued(context);
        expectThat(has(await listed(context, node), id), 'the command in the next answer as well', 'none');
        node.restart();
        expectThat(has(await listed(context, node), id), 'the command after a restart of the node', 'none');
      },
    },
    {
      name: 'command-runs-out',
      cites: ['D-4'],
      rule: 'expiresInMs is the time that remains for a command',
      needs: ['queueCommand'],
      run: async (context) => {
        const { node } = await queued(context);
        const restMs = async (): Promise<number> => {
          const [command] = await listed(context, node);
          return Number(isObject(command) ? command['expiresInMs'] : undefined);
        };
        const beforeMs = await restMs();
        await context.wait(1000);
        const afterMs = await restMs();
        expectThat(afterMs <= beforeMs - 1000, `${beforeMs - 1000} ms at most, a second later`, `${afterMs} ms`);
      },
    },
    {
      name: 'command-for-its-node',
      cites: ['D-3'],
      rule: 'a command is listed only to its node',
      needs: ['queueCommand'],
      run: async (context) => {
        const { id } = await queued(context);
        expectThat(!has(await listed(context, await context.resident()), id), 'no command for another node', 'one');
      },
    },
    {
      name: 'commands-at-a-time',
      cites: ['D-5'],
      rule: `${limits.commandsMax} commands are listed at a time, and others after those have results`,
      needs: ['queueCommand'],
      run: async (context) => {
        const node = await context.enrol();
        const queue = () => context.ask('queueCommand', { nodeId: node.nodeId, kind: 'blink' });
        for (let count = 1; count <= limits.commandsMax; count += 1) await queue();
        const first = (await listed(context, node)).filter(isObject);
        expectThat(first.length === limits.commandsMax, `${limits.commandsMax} commands`, `${first.length}`);
        // A Cloudly may refuse one that it cannot list yet.
        const isAccepted = await queue().then(
          () => true,
          () => false,
        );
        const still = await listed(context, node);
        const isSame = still.length === first.length && first.every(({ id }) => has(still, String(id)));
        expectThat(isSame, 'the same ones while another one waits', `others, or ${still.length}`);
        const commandResults = first.map(({ id }) => ({ id, outcome: 'succeeded', durationMs: 1 }));
        const done = await listed(context, node, { commandResults });
        if (!isAccepted) {
          expectThat(done.length === 0, 'none of them after their results', `${done.length} commands`);
          await queue();
        }
        const rest = isAccepted ? done : await listed(context, node);
        expectThat(rest.length === 1, 'another one after their results', `${rest.length} commands`);
      },
    },
    {
      name: 'command-done',
      cites: ['D-7'],
      rule: 'a command with a result is no longer listed, with any outcome; the same result again is answered 200',
      needs: ['queueCommand'],
      run: async (context) => {
        for (const outcome of ['succeeded', 'failed', 'refused']) {
          const { node, id } = await queued(context);
          const commandResults = [7, { id, outcome, durationMs: 1 }];
          expectThat(!has(await listed(context, node, { commandResults }), id), `none after ${outcome}`, 'the command');
          expectThat(
            !has(await listed(context, node, { commandResults }), id),
            'none after the repetition',
            'the command',
          );
          expectThat(!has(await listed(context, node), id), 'none from then on', 'the command');
        }
      },
    },
    {
      name: 'command-ids-in-lower-case',
      cites: ['I-5'],
      rule: 'a result counts in either case of its ID',
      needs: ['queueCommand'],
      run: async (context) => {
        const { node, id } = await queued(context);
        const commandResults = [{ id: id.toUpperCase(), outcome: 'succeeded', durationMs: 1 }];
        expectThat(!has(await listed(context, node, { commandResults }), id), 'none after its result', 'the command');
      },
    },
    {
      name: 'late-results',
      cites: ['H-8'],
      rule: 'a result in a late heartbeat also counts',
      needs: ['queueCommand'],
      run: async (context) => {
        const { node, id } = await queued(context);
        const commandResults = [{ id, outcome: 'succeeded', durationMs: 1 }];
        await listed(context, node, { sequence: 1, commandResults });
        expectThat(!has(await listed(context, node), id), 'none in the next answer', 'the command');
      },
    },
    {
      name: 'foreign-result',
      cites: ['D-9'],
      rule: "another node's result for a command changes nothing",
      needs: ['queueCommand'],
      run: async (context) => {
        const { node, id } = await queued(context);
        await listed(context, await context.resident(), { commandResults: [{ id, outcome: 'succeeded' }] });
        expectThat(has(await listed(context, node), id), 'the command in the next answer', 'none');
      },
    },
    {
      name: 'command-cancelled',
      cites: ['D-6'],
      rule: 'a cancelled command is no longer listed',
      needs: ['queueCommand', 'cancelCommand'],
      run: async (context) => {
        const { node, id } = await queued(context);
        await context.ask('cancelCommand', { nodeId: node.nodeId, commandId: id });
        expectThat(!has(await listed(context, node), id), 'none after that', 'the command');
        const commandResults = [{ id, outcome: 'succeeded', durationMs: 1 }];
        expectThat(
          !has(await listed(context, node, { commandResults }), id),
          'none after a late result',
          'the command',
        );
      },
    },
    ...progress,
    ...updatesSetting,
  ],
};
