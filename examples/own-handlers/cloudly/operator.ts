import { randomUUID } from 'node:crypto';
import { type CommandKind, limits } from '@serve.zone/baseos-contracts';
import { rivalBoots } from './boots.ts';
import type { Fleet, NodeRecord } from './fleet.ts';
import { type JoinTokenOrder, makeJoinToken } from './join-tokens.ts';
import { setTokens } from './node-tokens.ts';
import { hashOf } from './token.ts';

const DAY_MS = 24 * 3_600_000;

/** The request of the operator cannot be carried out; the message says why. */
export class OperatorMistake extends Error {
  override name = 'OperatorMistake';
}

export type Operator = ReturnType<typeof createOperator>;

/** The actions of an operator on a fleet. Each throws OperatorMistake if its target does not exist. */
export function createOperator(fleet: Fleet) {
  let backup: Fleet | undefined;

  const nodeOf = (nodeId: string): NodeRecord => {
    const node = fleet.nodes.get(nodeId);
    if (!node) throw new OperatorMistake(`There is no node ${nodeId}`);
    return node;
  };

  return {
    makeJoinToken: (order: JoinTokenOrder) => makeJoinToken(fleet, order),

    revokeJoinToken(secret: string): void {
      const joinToken = fleet.joinTokens.get(hashOf(secret));
      if (!joinToken) throw new OperatorMistake('There is no such join token');
      joinToken.isRevoked = true;
    },

    listNodes: () =>
      [...fleet.nodes.values()].map((node) => {
        const { nodeId, approvalCode, isApproved, isRevoked, isCloneSuspected, lastSeenAtMs } = node;
        const bootIds = rivalBoots(node);
        return { nodeId, approvalCode, isApproved, isRevoked, isCloneSuspected, bootIds, lastSeenAtMs };
      }),

    approve(nodeId: string): void {
      nodeOf(nodeId).isApproved = true;
    },

    /** Its tokens stay known, so that only this node learns of the revocation (O-3, O-4). */
    revoke(nodeId: string): void {
      Object.assign(nodeOf(nodeId), { isRevoked: true, rebind: undefined } satisfies Partial<NodeRecord>);
    },

    unrevoke(nodeId: string): void {
      nodeOf(nodeId).isRevoked = false;
    },

    /**
     * The device whose key has this approval code may take over the node ID within a day, with a valid join token (O-6,
     * O-8).
     */
    rebind(nodeId: string, approvalCode: string): void {
      nodeOf(nodeId).rebind = { approvalCode, untilMs: Date.now() + DAY_MS };
    },

    rotate(nodeId: string): void {
      nodeOf(nodeId).rotationDemandedAtMs = Date.now();
    },

    /** For leaked tokens. The node re-enrols with its key (T-7). */
    voidTokens(nodeId: string): void {
      setTokens(fleet, nodeOf(nodeId), { current: undefined, next: undefined });
    },

    queueCommand(nodeId: string, kind: CommandKind): string {
      const id = randomUUID();
      const expiresAtMs = Date.now() + limits.commandExpiresMaxMs;
      nodeOf(nodeId).commands.push({ id, kind, expiresAtMs, isCancelled: false, result: undefined });
      return id;
    },

    cancelCommand(nodeId: string, commandId: string): void {
      const command = nodeOf(nodeId).commands.find(({ id }) => id === commandId);
      if (!command) throw new OperatorMistake(`The node has no command ${commandId}`);
      command.isCancelled = true;
    },

    setUpdates(nodeId: string, updates: NonNullable<NodeRecord['updates']>): void {
      nodeOf(nodeId).updates = updates;
    },

    /**
     * The process that stays gets a token that the other device does not have; until it uses that token, only this
     * process is admitted (C-7).
     */
    resolveClone(nodeId: string, keptBootId: string): void {
      const node = nodeOf(nodeId);
      const rivals = rivalBoots(node);
      if (!rivals.includes(keptBootId)) {
        throw new OperatorMistake(`The node has no process ${keptBootId} to choose, but ${rivals.join(', ')}`);
      }
      // The next token may have reached the other device.
      setTokens(fleet, node, { ...node.tokens, next: undefined });
      if (keptBootId !== node.bootId) {
        const kept = node.earlierBoots.find(({ bootId }) => bootId === keptBootId);
        Object.assign(node, {
          bootId: keptBootId,
          lastSequence: kept?.lastSequence ?? 0,
          statusHash: undefined,
        } satisfies Partial<NodeRecord>);
      }
      Object.assign(node, {
        earlierBoots: node.earlierBoots.filter(({ bootId }) => !rivals.includes(bootId)),
        isCloneSuspected: false,
        cloneDecision: { isCarriedOut: false, refusedBootIds: [] },
        rotationDemandedAtMs: Date.now(),
      } satisfies Partial<NodeRecord>);
    },

    /** Keeps a copy. */
    backUp(): void {
      backup = structuredClone(fleet);
      // Uses since the backup are not known, so its join tokens admit no node (B-3).
      for (const joinToken of backup.joinTokens.values()) joinToken.isRevoked = true;
    },

    /** Restores the copy. A known node is admitted by its key, even if its tokens have changed since. */
    restore(): void {
      if (!backup) throw new OperatorMistake('There is no backup');
      Object.assign(fleet, structuredClone(backup));
    },
  };
}
