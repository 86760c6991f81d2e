import { identifierOf, unitOf } from '../model/journal.js';
import type { JournalEntry } from '../model/journal.js';

/** What the fields of every entry have in common. */
export interface JournalHost {
  hostname: string;
  machineId: string;
}

/** All fields of an entry, in the order in which the journal shows them. */
export function fieldsOf(entry: JournalEntry, host: JournalHost): Record<string, string> {
  const { source } = entry;
  const unit = unitOf(entry);
  const at = String(entry.atUs);
  const bootId = entry.bootId.replaceAll('-', '');
  const cursor = [
    `s=${host.machineId}`,
    `i=${hex(entry.number)}`,
    `b=${bootId}`,
    `m=${hex(monotonicUs(entry))}`,
    `t=${hex(entry.atUs)}`,
  ];
  return {
    __CURSOR: [...cursor, `x=${hex(entry.number * 2_654_435_761)}`].join(';'),
    __REALTIME_TIMESTAMP: at,
    __MONOTONIC_TIMESTAMP: String(monotonicUs(entry)),
    _BOOT_ID: bootId,
    _MACHINE_ID: host.machineId,
    _HOSTNAME: host.hostname,
    _RUNTIME_SCOPE: 'system',
    _TRANSPORT: { kernel: 'kernel', supervisor: 'stdout', service: 'journal' }[source.kind],
    PRIORITY: String(entry.priority),
    SYSLOG_IDENTIFIER: identifierOf(entry),
    ...(unit === undefined ? { SYSLOG_FACILITY: '0' } : { _SYSTEMD_UNIT: unit, _UID: '0', _GID: '0' }),
    ...(source.kind === 'supervisor' && { _PID: supervisorPid, _COMM: 'balena' }),
    ...(source.kind === 'service' && {
      _PID: enginePid,
      _COMM: 'balenad',
      CONTAINER_ID: source.containerId.slice(0, 12),
      CONTAINER_ID_FULL: source.containerId,
      CONTAINER_NAME: source.containerName,
      CONTAINER_TAG: source.containerId.slice(0, 12),
      IMAGE_NAME: source.dockerImageId,
      _SOURCE_REALTIME_TIMESTAMP: at,
    }),
    MESSAGE: entry.message,
  };
}

/** Stands in for microseconds since boot: the time since midnight. Readers only compare the values. */
export function monotonicUs({ atUs }: JournalEntry): number {
  return ((atUs % dayUs) + dayUs) % dayUs;
}

/** The process that wrote it, in brackets. The kernel has none. */
export function processOf({ source }: JournalEntry): string {
  return { kernel: '', supervisor: `[${supervisorPid}]`, service: `[${enginePid}]` }[source.kind];
}

function hex(value: number): string {
  return value.toString(16);
}

const dayUs = 86_400_000_000;
const enginePid = '812';
const supervisorPid = '1624';
