import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import { approvalOf } from '../facts/approval.js';
import { updateStateOf } from '../facts/update-state.js';
import { isContested } from '../fleet/clone-suspicion.js';
import type { NodeRecord } from '../fleet/node-record.js';
import type { FleetNode } from '../fleet-store/fleet-node.js';
import type { Reason, ReasonOfNode } from './reason.js';

export interface KnownNode {
  /** As lists show it. */
  listed: FleetNode;
  record: NodeRecord;
  /** Its last one. */
  status?: RuntimeStatus | undefined;
}

/** What stands in the way of a node itself, whatever it is asked to do: what keeps it from being heard comes first. */
export function reasonsOfNode({ listed, record, status }: KnownNode): Reason[] {
  return [...decisions(record), ...silence(listed), ...(status ? ofStatus(status) : [])];
}

function decisions(record: NodeRecord): Reason[] {
  const { registeredAtMs, revokedAtMs, cloneSuspectedAtMs, registrationKeyHash, approvalCode } = record;
  const approval = approvalOf(record);
  return [
    ...(approval === 'revoked' ? [since(revokedAtMs, { code: 'node-revoked' })] : []),
    ...(approval === 'pending' ? [since(registeredAtMs, { code: 'node-pending', approvalCode })] : []),
    ...(isContested(record) ? [since(cloneSuspectedAtMs, { code: 'clone-suspected' })] : []),
    ...(registrationKeyHash === undefined ? [{ code: 'legacy-node' } as const] : []),
  ];
}

function silence({ state, quietSinceMs }: FleetNode): Reason[] {
  if (state === 'never-seen') return [{ code: 'node-never-seen' }];
  return state === 'late' || state === 'offline' ? [since(quietSinceMs, { code: `node-${state}` })] : [];
}

function ofStatus(status: RuntimeStatus): Reason[] {
  const { supervisor, updates } = status;
  const { gate, reason: gateReason } = updates ?? {};
  return [
    ...(gate === 'unavailable'
      ? [{ code: 'gate-unavailable', ...(gateReason !== undefined && { gateReason }) } as const]
      : []),
    ...(supervisor.state === 'available' ? ofUpdate(status) : ofSupervisor(supervisor)),
  ];
}

function ofSupervisor({ state, reason }: Exclude<RuntimeStatus['supervisor'], { state: 'available' }>): Reason[] {
  if (state === 'not-configured') return [];
  return [{ code: 'supervisor-unreadable', state, ...(reason !== undefined && { supervisorReason: reason }) }];
}

function ofUpdate(status: RuntimeStatus): Reason[] {
  const { supervisor, updates } = status;
  switch (updateStateOf(status)) {
    case 'held':
      return [{ code: 'release-held', ...(updates?.staged !== undefined && { commit: updates.staged }) }];
    case 'failed': {
      // It reports every lock as an update that failed.
      const isDownloaded = supervisor.state === 'available' && supervisor.device.updateDownloaded;
      return [{ code: isDownloaded ? 'release-waits' : 'update-failed' }];
    }
    case 'downloading':
      return [{ code: 'release-comes', isInstalling: false }];
    case 'installing':
      return [{ code: 'release-comes', isInstalling: true }];
    default:
      return [];
  }
}

function since(sinceMs: number | undefined, reason: ReasonOfNode): Reason {
  return { ...reason, ...(sinceMs !== undefined && { sinceMs }) };
}
