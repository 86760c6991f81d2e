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
  const thermometer = createThermometer();
  let known: HostFacts | undefined;
  return {
    runtime,
    // None of it changes while a process runs.
    host: () => (known ??= host()),
    agentRssBytes: () => attempt(() => process.memoryUsage.rss()),
    uptimeMs,
    vitals: async () => vitals(statePath, thermometer),
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

async function vitals(statePath: string, thermometer: Thermometer): Promise<MachineVitals> {
  const [storage, memoryAvailableBytes, cpuTemperatureCelsius] = await Promise.all([
    attemptAsync(async () => storageAt(dirname(statePath))),
    availableMemoryBytes(),
    thermometer(),
  ]);
  return withoutUnknown({
    hostUptimeMs: hostUptimeMs(),
    memoryAvailableBytes,
    load1: process.platform === 'win32' ? undefined : attempt(() => os.loadavg()[0]),
    ...storage,
    cpuTemperatureCelsius,
  });
}

/**
 * Linux includes the memory that it could reclaim from its caches; other systems report only free memory. Node's `freemem`
 * knows the difference, at a tenth of the cost of reading the file.
 */
async function availableMemoryBytes(): Promise<number | undefined> {
  if (runtime().name === 'node') return attempt(() => os.freemem());
  const meminfo = await attemptAsync(async () => readFile('/proc/meminfo', 'utf8'));
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo ?? '')?.[1];
  return kibibytes === undefined ? attempt(() => os.freemem()) : Number(kibibytes) * 1024;
}

const thermalDirectory = '/sys/class/thermal';

/** How long it is known which zones there are: a driver may be loaded later. */
const zonesKnownForMs = 10 * 60_000;

/** Gives the temperature of the hottest zone. */
type Thermometer = () => Promise<number | undefined>;

/** Zones are in thousandths of a degree (Documentation/driver-api/thermal/sysfs-api.rst of Linux). */
function createThermometer(): Thermometer {
  let known: { paths: string[]; untilMs: number } | undefined;
  return async () => {
    if (known === undefined || performance.now() > known.untilMs) {
      known = { paths: await zonePaths(), untilMs: performance.now() + zonesKnownForMs };
    }
    const zones = await Promise.all(known.paths.map(async (path) => attemptAsync(async () => readFile(path, 'utf8'))));
    const degrees = zones
      .filter((text) => text !== undefined && /^-?\d+\s*$/.test(text))
      .map((text) => Number(text) / 1000);
    return degrees.length > 0 ? Math.max(...degrees) : undefined;
  };
}

async function zonePaths(): Promise<string[]> {
  const names = (await attemptAsync(async () => readdir(thermalDirectory))) ?? [];
  return names.filter((name) => name.startsWith('thermal_zone')).map((name) => `${thermalDirectory}/${name}/temp`);
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
