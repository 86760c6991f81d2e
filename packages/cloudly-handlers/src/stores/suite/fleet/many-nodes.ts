import type { NodeRecord } from '../../../fleet/node-record.js';
import type { FleetStore } from '../../../fleet-store/fleet-store.js';
import { addNode, heartbeatReport, nodeRecord, NOW_MS, superseded, vitals } from '../fixtures.js';
import { deviceStatus, setProfile } from './fleet-fixtures.js';

const MINUTE_MS = 60_000;
const GIB = 2 ** 30;

export const manyNodeIds = Array.from({ length: 24 }, (_, index) => `n${String(index).padStart(2, '0')}`);

/** Nodes of which each has something that others do not have, or have alike. */
export async function addManyNodes(store: FleetStore): Promise<void> {
  for (const [index, nodeId] of manyNodeIds.entries()) {
    await addNode(store, recordOf(index, nodeId));
    if (index % 8 !== 7) await report(store, index, nodeId);
    const name = index % 4 === 0 ? { name: `Gate ${index % 3}` } : {};
    await setProfile(store, nodeId, { ...name, labels: labelsOf(index) });
  }
  while ((await store.sweep({ nowMs: NOW_MS, upSinceMs: 0, limit: 100 })).isMore);
}

function recordOf(index: number, nodeId: string): NodeRecord {
  return nodeRecord(nodeId, {
    registeredAtMs: NOW_MS - (index % 6) * 600 * MINUTE_MS,
    ...(index % 7 !== 6 && { approvedAtMs: NOW_MS }),
    ...(index % 9 === 8 && { cloneSuspectedAtMs: NOW_MS, supersededBoots: [superseded('boot-0', 1)] }),
  });
}

async function report(store: FleetStore, index: number, nodeId: string): Promise<void> {
  const of = <Value>(values: readonly Value[]): Value | undefined => values[index % values.length];
  const [type, osVersion] = [
    of(['raspberrypi4-64', 'intel-nuc', '']),
    of(['balenaOS 5.1.0', 'balenaOS 6.0.24+rev1', '']),
  ];
  const commit = of(['c0ffee', 'c0ffee11', 'deadbeef', '']);
  const status = deviceStatus({
    hostname: `Host-${index % 5}`,
    uuid: `uuid${index % 10}`,
    ...(type && { type }),
    ...(osVersion && { osVersion }),
    agentVersion: of(['0.9.0', '0.10.0', '1.0.0-rc.1', '1.0.0']) ?? '',
    supervisorVersion: of(['16.1.0', '17.0.1']) ?? '',
    ...(commit && { commit }),
    updateFailed: index % 11 === 10,
    ...(index % 2 === 0 && { storageTotalBytes: 100 * GIB }),
  });
  const receivedAtMs = NOW_MS - (of([0, 3, 100, 3000]) ?? 0) * MINUTE_MS;
  const free = vitals({ storageFreeBytes: (index % 10) * 10 * GIB });
  const expectedByMs = receivedAtMs + 2 * MINUTE_MS;
  await store.saveReport(nodeId, heartbeatReport(1, { receivedAtMs, expectedByMs, status, vitals: free }));
}

function labelsOf(index: number): Record<string, string> {
  const site = ['berlin', 'bonn', undefined][index % 3];
  return { ...(site !== undefined && { site }), ...(index % 5 === 0 && { canary: '' }) };
}
