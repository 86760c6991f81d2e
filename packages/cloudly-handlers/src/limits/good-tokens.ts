import type { NodeStore } from '../fleet/node-store.js';
import { joinTokenState } from '../fleet/join-token.js';

const PAGE_SIZE = 500;

/** Hashes of the tokens of all nodes, page by page. */
export async function* goodNodeTokens(store: Pick<NodeStore, 'listNodes'>): AsyncGenerator<string> {
  let afterNodeId: string | undefined;
  for (;;) {
    const page = await store.listNodes({ limit: PAGE_SIZE, ...(afterNodeId !== undefined && { afterNodeId }) });
    for (const { node } of page) {
      for (const token of [node.currentToken, node.nextToken]) if (token) yield token.hash;
    }
    if (page.length < PAGE_SIZE) return;
    afterNodeId = page.at(-1)?.node.nodeId;
  }
}

/** Hashes of the join tokens that admit a node now. */
export async function* goodJoinTokens(
  store: Pick<NodeStore, 'listJoinTokens'>,
  now: () => number,
): AsyncGenerator<string> {
  for (const joinToken of await store.listJoinTokens()) {
    if (joinTokenState(joinToken, now()) === 'usable') yield joinToken.hash;
  }
}
