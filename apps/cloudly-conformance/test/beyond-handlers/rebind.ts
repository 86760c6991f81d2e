import { createHash } from 'node:crypto';
import { type Alter, codeOf, endpointOf, messageOf } from '../alteration.js';

/** The operator lets the next other key have a node ID. */
export const rebind: Alter = (next, inside) => {
  const open = new Set<unknown>();
  inside.onAsk((act, { nodeId }) => {
    if (act === 'rebind') open.add(nodeId);
  });
  return async (request) => {
    const again = request.clone();
    const response = await next(request);
    if (endpointOf(again) !== 'register' || (await codeOf(response)) !== 'node-id-taken') return response;
    const { nodeId, registrationKey } = await messageOf(again);
    if (!open.delete(nodeId)) return response;
    await giveNode(inside.store, String(nodeId), String(registrationKey));
    return next(again);
  };
};

/** Binds a node to another key. */
export const giveNode = async (
  store: Parameters<Alter>[1]['store'],
  nodeId: string,
  registrationKey: string,
): Promise<void> => {
  const node = (await store.findNode(nodeId))?.node;
  if (!node) return;
  const registrationKeyHash = createHash('sha256').update(registrationKey).digest('hex');
  await store.replaceNode({ ...node, registrationKeyHash });
};
