import type { CommandKind } from '@serve.zone/baseos-contracts';
import {
  allowRebind,
  approveNode,
  cancelCommand,
  type NodeStore,
  queueCommand,
  resolveClone,
  revokeNode,
  rotateNodeToken,
  setUpdatesMode,
  unrevokeNode,
  type UpdatesMode,
} from '@serve.zone/baseos-cloudly-handlers';
import type { OperatorAct } from '../src/rule/provisions.js';

type Act = (about: Record<string, string>) => Promise<unknown>;

/** What the operator of a fleet does with its nodes. */
export function operatorOf(
  store: () => NodeStore,
  now: () => number,
): Record<Exclude<OperatorAct, 'backUp' | 'restore'>, Act> {
  return {
    approve: ({ nodeId = '' }) => approveNode(store(), nodeId, { now }),
    revoke: ({ nodeId = '' }) => revokeNode(store(), nodeId, { now }),
    unrevoke: ({ nodeId = '' }) => unrevokeNode(store(), nodeId),
    rebind: ({ nodeId = '', approvalCode = '' }) => allowRebind(store(), nodeId, { approvalCode, now }),
    rotate: ({ nodeId = '' }) => rotateNodeToken(store(), nodeId, { now }),
    queueCommand: async ({ nodeId = '', kind = '' }) => {
      const { outcome } = await queueCommand(store(), nodeId, { kind: kind as CommandKind }, { now });
      if (outcome !== 'queued') throw new Error(`The command was not queued: ${outcome}`);
    },
    cancelCommand: ({ nodeId = '', commandId = '' }) => cancelCommand(store(), nodeId, commandId, { now }),
    setUpdates: ({ nodeId = '', mode = '' }) => setUpdatesMode(store(), nodeId, mode as UpdatesMode, { now }),
    resolveClone: ({ nodeId = '', bootId = '' }) => resolveClone(store(), nodeId, bootId, { now }),
  };
}
