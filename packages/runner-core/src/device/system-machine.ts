import { readdir, readFile, statfs } from 'node:fs/promises';
import * as os from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';
import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { HostFacts, Machine, MachineVitals } from '../ports/machine.js';

export interface SystemMachineOptions {
  /** The storage that counts is the one that holds this file. */
  statePath: string;
}

/**
 * The machine this process runs on. A runtime may forbid a look at it (Deno without `--allow-sys`), and a container may
 * hide parts of it: that is left out.
 */
export function createSystemMachine({ statePath }: SystemMachineOptions): Machine {
  return {
    runtime,
    host,
    agentRssBytes: () => attempt(() => process.memoryUsage.rss()),
    uptimeMs,
    vitals: async () => vitals(statePath),
  };
}

function runtime(): RuntimeStatus['runtime'] {
  const { bun, deno, node } = process.versions;
  if (bun !== undefined) return { name: 'bun', version: bun };
  if (deno !== undefined) return { name: 'deno', version: deno };
  return { name: 'node', version: node };
}

function host(): HostFacts {
  return withoutUnknown({
    hostname: attempt(() => os.hostname()),
    platform: process.platform,
    arch: process.arch,
    cpuCount: attempt(() => os.cpus().length || undefined),
    memoryTotalBytes: attempt(() => os.totalmem()),
  });
}

function hostUptimeMs(): number | undefined {
  return attempt(() => Math.round(os.uptime() * 1000));
}

/** If the host's uptime cannot be read, the time since the process started, which also only grows. */
function uptimeMs(): number {
  return hostUptimeMs() ?? Math.round(process.uptime() * 1000);
}

async function vitals(statePath: string): Promise<MachineVitals> {
  const [storage, memoryAvailableBytes, cpuTemperatureCelsius] = await Promise.all([
    attemptAsync(async () => storageAt(dirname(statePath))),
    availableMemoryBytes(),
    hottestZone(),
  ]);
  return withoutUnknown({
    hostUptimeMs: hostUptimeMs(),
    memoryAvailableBytes,
    load1: process.platform === 'win32' ? undefined : attempt(() => os.loadavg()[0]),
    ...storage,
    cpuTemperatureCelsius,
  });
}

/** Linux includes the memory that it could reclaim from its caches; other systems report only free memory. */
async function availableMemoryBytes(): Promise<number | undefined> {
  const meminfo = await attemptAsync(async () => readFile('/proc/meminfo', 'utf8'));
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo ?? '')?.[1];
  return kibibytes === undefined ? attempt(() => os.freemem()) : Number(kibibytes) * 1024;
}

const thermalDirectory = '/sys/class/thermal';

/** Zones are in thousandths of a degree (Documentation/driver-api/thermal/sysfs-api.rst of Linux). */
async function hottestZone(): Promise<number | undefined> {
  const names = (await attemptAsync(async () => readdir(thermalDirectory))) ?? [];
  const zones = await Promise.all(
    names
      .filter((name) => name.startsWith('thermal_zone'))
      .map(async (name) => attemptAsync(async () => readFile(`${thermalDirectory}/${name}/temp`, 'utf8'))),
  );
  const degrees = zones
    .filter((text) => text !== undefined && /^-?\d+\s*$/.test(text))
    .map((text) => Number(text) / 1000);
  return degrees.length > 0 ? Math.max(...degrees) : undefined;
}

/** If the state directory does not exist yet, the nearest existing one above it. */
async function storageAt(path: string): Promise<Pick<MachineVitals, 'storageFreeBytes' | 'storageTotalBytes'>> {
  try {
    const { bavail, blocks, bsize } = await statfs(path);
    return { storageFreeBytes: bavail * bsize, storageTotalBytes: blocks * bsize };
  } catch (error) {
    const parent = dirname(path);
    if (parent === path) throw error;
    return storageAt(parent);
  }
}

function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

async function attemptAsync<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

/** Without the members that are `undefined`: their keys would be written as if they were known. */
function withoutUnknown<Facts extends object>(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)) as Facts;
}
