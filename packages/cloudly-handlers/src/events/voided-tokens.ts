import type { IssuedNodeToken, NodeRecord } from '../fleet/node-record.js';

/** The IDs of the tokens that are void since a change of the node, without those that a newer token of it has replaced. */
export function voidedTokens(before: NodeRecord, after: NodeRecord): string[] {
  const isActivated = before.nextToken !== undefined && before.nextToken.id === after.currentToken?.id;
  return [
    ...idOf(after.currentToken ? undefined : before.currentToken),
    ...idOf(after.nextToken || isActivated ? undefined : before.nextToken),
  ];
}

function idOf(token: IssuedNodeToken | undefined): string[] {
  return token ? [token.id] : [];
}
