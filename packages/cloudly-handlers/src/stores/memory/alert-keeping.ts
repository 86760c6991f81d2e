import { conditionsOf, conditionText } from '../../alerts/conditions-of.js';
import { type GroupSources, judgeGroups, outageValues } from '../../alert-keeping/judge-groups.js';
import { judgeNode, type NodeToJudge } from '../../alert-keeping/judge-node.js';
import {
  isGroupAlert,
  type KeptAlert,
  type KeptGroupAlert,
  type KeptNodeAlert,
} from '../../alert-keeping/kept-alert.js';
import { groupsToRead } from '../../alert-keeping/groups-to-read.js';
import type { FleetStore } from '../../fleet-store/fleet-store.js';
import { type AlertChanges, alertChanges } from '../records/alert-changes.js';
import type { AlertWork } from './alert-work.js';
import { copy } from './copy.js';
import type { MemoryFleet } from './memory-fleet.js';
import { fleetNode, type NodeEntry } from './node-entry.js';

export function createAlertKeeping(fleet: MemoryFleet, work: AlertWork): FleetStore['keepAlerts'] {
  const { nodes, events } = fleet;

  const groupSources = (groupIds: readonly string[], values: readonly string[], groupLabel: string): GroupSources => {
    const all = values.length > 0 || groupIds.length > 0 ? [...nodes.all()] : [];
    const nodeCounts = new Map(
      values.map((value) => [value, all.filter((entry) => labelOf(entry, groupLabel) === value).length]),
    );
    const candidates = all.flatMap((entry) => {
      const [value, alert] = [labelOf(entry, groupLabel), entry.alerts.find(({ kind }) => kind === 'offline')];
      return value !== undefined && alert && values.includes(value) ? [{ value, alert, open: entry.openAlerts }] : [];
    });
    const groups = groupIds.flatMap((id) => {
      const alert = work.groups.get(id);
      const isMember = ({ alerts }: NodeEntry): boolean => alerts.some(({ groupId }) => groupId === id);
      return alert ? [{ alert: copy(alert), memberCount: all.filter(isMember).length }] : [];
    });
    return { groups, nodeCounts, candidates };
  };

  const keep = ({ saved, droppedIds, dissolvedIds, noted, joined, told }: AlertChanges, nowMs: number): void => {
    for (const id of droppedIds) {
      work.groups.delete(id);
      work.snoozes.delete(id);
    }
    for (const alert of saved) if (isGroupAlert(alert)) work.groups.set(alert.id, copy(alert));
    const isDropped = new Set(droppedIds);
    for (const { nodeId, open } of [...noted, ...joined]) {
      const entry = nodes.find(nodeId);
      if (!entry) continue;
      const changed = saved.filter(isNodeAlert).filter((alert) => alert.nodeId === nodeId);
      const kept = entry.alerts.filter(({ id }) => !isDropped.has(id) && changed.every((alert) => alert.id !== id));
      entry.alerts = [...kept, ...copy(changed)];
      entry.openAlerts = open;
      for (const id of droppedIds) entry.snoozes.delete(id);
    }
    for (const { nodeId } of noted) {
      const entry = nodes.find(nodeId);
      if (entry) entry.notedConditions = textOf(entry);
    }
    for (const { alerts } of dissolvedIds.length > 0 ? nodes.all() : []) {
      for (const alert of alerts) if (dissolvedIds.includes(alert.groupId ?? '')) alert.dueAtMs = nowMs;
    }
    for (const event of told) events.tell([event], nodes.find(event.nodeId ?? '')?.node.registeredAtMs);
  };

  return async ({ nowMs, groupLabel, limit }) => {
    const isDue = ({ dueAtMs = Infinity }: KeptAlert): boolean => dueAtMs <= nowMs;
    const waiting = [...nodes.all()].filter(
      (entry) => textOf(entry) !== entry.notedConditions || entry.alerts.some(isDue),
    );
    const toJudge = waiting
      .slice(0, limit)
      .map((entry): NodeToJudge => ({ node: fleetNode(entry), alerts: copy(entry.alerts) }));
    const maintenances = [...work.maintenances.values()];
    const judged = toJudge.map((each) => judgeNode(each, { maintenances, groupLabel, nowMs }));
    const dueGroups: KeptGroupAlert[] = [...work.groups.values()].filter(isDue);
    const values = outageValues(judged, groupLabel);
    const groupIds = groupsToRead(judged, { dueIds: dueGroups.map(({ id }) => id), values, groupLabel });
    const groups = judgeGroups(judged, groupSources(groupIds, values, groupLabel), { groupLabel, nowMs });
    keep(alertChanges(toJudge, judged, groups, nowMs), nowMs);
    return { isMore: waiting.length > limit || groups.dissolved.length > 0 };
  };
}

function isNodeAlert(alert: KeptAlert): alert is KeptNodeAlert {
  return !isGroupAlert(alert);
}

function textOf({ facts, state }: NodeEntry): string {
  return conditionText(conditionsOf({ facts, state }));
}

function labelOf({ profile: { labels } }: NodeEntry, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
