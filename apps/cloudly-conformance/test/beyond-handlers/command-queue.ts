import { isObject } from '../../src/answer.js';
import { type Alter, changed, endpointOf, messageOf } from '../alteration.js';

/** Lists a node's commands to it until it has their results, or the operator takes them back. */
export const commandQueue: Alter = (next, { onAsk }) => {
  const queues = new Map<unknown, { id: string; kind: string | undefined; expiresInMs: number }[]>();
  const remove = (nodeId: unknown, commandId: unknown): void =>
    void queues.set(
      nodeId,
      (queues.get(nodeId) ?? []).filter(({ id }) => id !== commandId),
    );

  onAsk((act, { nodeId, kind, commandId }) => {
    const command = { id: crypto.randomUUID(), kind, expiresInMs: 3_600_000 };
    if (act === 'queueCommand') queues.set(nodeId, [...(queues.get(nodeId) ?? []), command]);
    if (act === 'cancelCommand') remove(nodeId, commandId);
  });

  return async (request) => {
    const copy = request.clone();
    const response = await next(request);
    if (endpointOf(copy) !== 'heartbeat' || response.status !== 200) return response;
    const { nodeId, commandResults } = await messageOf(copy);
    for (const result of Array.isArray(commandResults) ? commandResults : []) {
      if (isObject(result)) remove(nodeId, result['id']);
    }
    const commands = queues.get(nodeId) ?? [];
    return commands.length === 0 ? response : changed(response, (json) => ({ ...json, desiredState: { commands } }));
  };
};
