import { isObject } from '../../exchange/answer.js';
import { expectTaken, expectThat } from '../../rule/expectations.js';
import type { AdmittedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import type { Rule, RuleContext } from '../../rule/rule.js';

async function desired({ heartbeat }: RuleContext, node: AdmittedNode): Promise<Record<string, unknown>> {
  const { desiredState } = expectTaken(await heartbeat(node.heartbeat(), node.nodeToken));
  return isObject(desiredState) ? desiredState : {};
}

function expectMode({ settings }: Record<string, unknown>, mode: string, when: string): void {
  const found = isObject(settings) ? settings['updates'] : undefined;
  expectThat(found === mode, `settings.updates: '${mode}' ${when}`, found === undefined ? 'none' : 'another one');
}

/** How a node takes new releases, as Cloudly sets it. */
export const updatesSetting: readonly Rule[] = [
  {
    name: 'updates-in-every-answer',
    cites: ['D-16'],
    rule: 'once Cloudly keeps settings.updates for a node, every answer has it, with and without commands',
    needs: ['setUpdates', 'queueCommand'],
    run: async (context) => {
      const node = await context.enrol();
      const { nodeId } = node;
      await context.ask('setUpdates', { nodeId, mode: 'gated' });
      expectMode(await desired(context, node), 'gated', 'in the next answer');
      expectMode(await desired(context, node), 'gated', 'in the answer after that');
      node.restart();
      expectMode(await desired(context, node), 'gated', 'after a restart of the node');
      await context.ask('queueCommand', { nodeId, kind: 'blink' });
      const withCommand = await desired(context, node);
      expectMode(withCommand, 'gated', 'beside a command');
      const { commands } = withCommand;
      expectThat(Array.isArray(commands) && commands.length === 1, 'one command beside it', 'none, or more');
      await context.ask('setUpdates', { nodeId, mode: 'own' });
      expectMode(await desired(context, node), 'own', 'once the operator gives up the setting');
      expectMode(await desired(context, node), 'own', 'in the answer after that');
    },
  },
];
