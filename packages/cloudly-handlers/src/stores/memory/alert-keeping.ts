import { conditionsOf, conditionText } from '../../alerts/conditions-of.js';
import {
  CANDIDATES_MAX,
  type GroupSources,
  isRecent,
  judgeGroups,
  type OutageCandidate,
  outageValues,
} from '../../alert-keeping/judge-groups.js';
import { judgeNode, type NodeToJudge } from '../../alert-keeping/judge-node.js';
import {
  isGroupAlert,
  type KeptAlert,
  type KeptGroupAlert,
  type KeptNodeAlert,
} from '../../alert-keeping/kept-alert.js';
import { groupsToRead, valuesWithoutAlert } from '../../alert-keeping/groups-to-read.js';
import type { FleetStore } from '../../fleet-store/fleet-store.js';
import { type AlertChanges, alertChanges } from '../records/alert-changes.js';
import type { AlertWork } from './alert-work.js';
import { copy } from './copy.js';
import type { MemoryFleet } from './memory-fleet.js';
import { fleetNode, type NodeEntry } from './node-entry.js';

export function createAlertKeeping(fleet: MemoryFleet, work: AlertWork): FleetStore['keepAlerts'] {
  const { nodes, events } = fleet;

  const groupSources = ({ groupIds, values, judgedIds, groupLabel, nowMs }: Asked): GroupSources => {
    const all = values.length > 0 || groupIds.length > 0 ? [...nodes.all()] : [];
    const groups = groupIds.flatMap((id) => {
      const alert = work.groups.get(id);
      const isMember = ({ alerts }: NodeEntry): boolean => alerts.some(({ groupId }) => groupId === id);
      return alert ? [{ alert: copy(alert), memberCount: all.filter(isMember).length }] : [];
    });
    const newValues = valuesWithoutAlert(values, groups, groupLabel);
    const ofValue = (value: string): NodeEntry[] => all.filter((entry) => labelOf(entry, groupLabel) === value);
    const offline = newValues.map((value) => {
      const entries = ofValue(value).filter(({ node, state }) => state === 'offline' && !judgedIds.has(node.nodeId));
      const others = entries.flatMap(({ alerts, openAlerts: open }): OutageCandidate[] => {
        const alert = alerts.find(({ kind }) => kind === 'offline');
        return alert && isRecent(alert, nowMs) ? [{ value, alert: copy(alert), open }] : [];
      });
      const openFirst = others.toSorted((one, other) => Number(isRising(one)) - Number(isRising(other)));
      return { value, count: others.length, candidates: openFirst.slice(0, CANDIDATES_MAX) };
    });
    return {
      groups,
      nodeCounts: new Map(newValues.map((value) => [value, ofValue(value).length])),
      offlineCounts: new Map(offline.map(({ value, count }) => [value, count])),
      candidates: offline.flatMap(({ candidates }) => candidates),
    };
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
    const judgedIds = new Set(judged.map(({ nodeId }) => nodeId));
    const sources = groupSources({ groupIds, values, judgedIds, groupLabel, nowMs });
    const groups = judgeGroups(judged, sources, { groupLabel, nowMs });
    keep(alertChanges(toJudge, judged, groups, nowMs), nowMs);
    return { isMore: waiting.length > limit || groups.dissolved.length > 0 };
  };
}

interface Asked {
  groupIds: readonly string[];
  values: readonly string[];
  judgedIds: ReadonlySet<string>;
  groupLabel: string;
  nowMs: number;
}

function isRising({ alert }: OutageCandidate): boolean {
  return alert.course.openedAtMs === undefined;
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
