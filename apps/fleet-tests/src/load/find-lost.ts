import { createHash } from 'node:crypto';
import type { NodeStore, StoredNode } from '@serve.zone/baseos-cloudly-handlers';
import type { Account, Ledger } from './ledger.js';

/** What was acknowledged but is not in the store, each in words. */
export async function findLost(store: NodeStore, ledger: Ledger): Promise<string[]> {
  const nodes = await everyNode(store);
  const lost = await Promise.all(
    ledger.accounts.map(async (account) => {
      const stored = nodes.get(account.node.nodeId);
      if (!stored) return [`the registration of ${account.node.nodeId}`];
      return [...lostToken(account, stored), ...(await lostResults(account, store))];
    }),
  );
  return lost.flat();
}

/** How many nodes there are, acknowledged or not. */
export async function everyNode(store: NodeStore): Promise<Map<string, StoredNode>> {
  const nodes = new Map<string, StoredNode>();
  for (let page = await pageOf(store); page.length > 0; page = await pageOf(store, page.at(-1))) {
    for (const stored of page) nodes.set(stored.node.nodeId, stored);
  }
  return nodes;
}

async function pageOf(store: NodeStore, last?: StoredNode): Promise<StoredNode[]> {
  return store.listNodes({ limit: 1000, ...(last && { afterNodeId: last.node.nodeId }) });
}

/** The token that the node used last must be the one that counts: with another one its activation was forgotten. */
function lostToken({ node, nodeToken, isActivated, rotations }: Account, { node: record }: StoredNode): string[] {
  const kept = isActivated ? record.currentToken : record.nextToken;
  if (kept?.hash === createHash('sha256').update(nodeToken).digest('hex')) return [];
  return [`${rotations > 0 ? 'the rotated token' : 'the token'} of ${node.nodeId}`];
}

async function lostResults({ node, delivered }: Account, store: NodeStore): Promise<string[]> {
  if (delivered.length === 0) return [];
  const commands = new Map((await store.listCommands(node.nodeId, 100)).map((command) => [command.id, command]));
  return delivered
    .filter((id) => commands.get(id)?.result?.outcome !== 'succeeded')
    .map((id) => `the result of command ${id} of ${node.nodeId}`);
}
