import { isObject } from '../../exchange/answer.js';
import { commandsIn } from '../../exchange/commands-in.js';
import { expectTaken, expectThat } from '../../rule/expectations.js';
import type { AdmittedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import type { RuleContext } from '../../rule/rule.js';

/** The commands in the answer to the next heartbeat. */
export async function listed(
  { heartbeat }: RuleContext,
  node: AdmittedNode,
  changes: object = {},
  when?: string,
): Promise<unknown[]> {
  return commandsIn(expectTaken(await heartbeat(node.heartbeat(changes), node.nodeToken), when));
}

export function has(commands: unknown[], id: string): boolean {
  return commands.some((command) => isObject(command) && command['id'] === id);
}

/** Queues a blink, and finds it in the answer to the next heartbeat. */
export async function queued(context: RuleContext): Promise<{ node: AdmittedNode; id: string }> {
  const node = await context.enrol();
  await context.ask('queueCommand', { nodeId: node.nodeId, kind: 'blink' });
  const commands = await listed(context, node);
  const [command] = commands;
  expectThat(commands.length === 1 && isObject(command), 'one command in desiredState', `${commands.length}`);
  const { id, kind, expiresInMs } = command as Record<string, unknown>;
  expectThat(kind === 'blink', "kind: 'blink'", 'another one');
  expectThat(typeof expiresInMs === 'number', 'expiresInMs', 'none');
  expectThat(typeof id === 'string', 'an id', 'none');
  return { node, id: String(id) };
}
