import type { NodeReport } from '../../fleet/node-report.js';
import { storageStep } from '../../facts/storage-step.js';

/** The storage of a node: its size is in the status, which is seldom sent, and what is free in the vitals. */
export interface StorageSeen {
  totalBytes: number;
  /** In steps; absent until a heartbeat says how much is free. */
  freePercent?: number;
}

/** What is known of a node's storage with this heartbeat. What it does not say stays as it was. */
export function storageSeen({ status, vitals }: NodeReport, before: StorageSeen | undefined): StorageSeen | undefined {
  const totalBytes = status ? status.host.storageTotalBytes : before?.totalBytes;
  if (totalBytes === undefined || totalBytes === 0) return undefined;
  const freeBytes = vitals?.storageFreeBytes;
  const freePercent =
    freeBytes === undefined ? before?.freePercent : storageStep((100 * freeBytes) / totalBytes, before?.freePercent);
  return { totalBytes, ...(freePercent !== undefined && { freePercent }) };
}
