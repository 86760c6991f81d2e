import { statfsSync } from 'node:fs';
import { readdir, readFile, statfs } from 'node:fs/promises';
import * as os from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';
import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { HostFacts, Machine, MachineVitals } from '../ports/machine.js';
import { kernelFiles } from './kernel-files.js';

export interface SystemMachineOptions {
  /** The storage that counts is the one that holds this file. */
  statePath: string;
}

/**
 * The machine this process runs on, by the kernel's files and, where there are none, by the runtime. A runtime may forbid
 * that (Deno off Linux without `--allow-sys`): what the contract asks for is then `unknown` or the least that must be
 * there, all else is left out.
 */
export const createSystemMachine = ({ statePath }: SystemMachineOptions): Machine => ({
  runtime,
  host: () => host(statePath),
  uptimeMs,
  vitals: async () => vitals(statePath),
});

const runtime = (): RuntimeStatus['runtime'] => {
  const { bun, deno, node } = process.versions;
  if (bun !== undefined) return { name: 'bun', version: bun };
  if (deno !== undefined) return { name: 'deno', version: deno };
  return { name: 'node', version: node };
};

const host = (statePath: string): HostFacts => {
  const storage = attempt(() => onExistingPath(statePath, (path) => statfsSync(path)));
  return {
    hostname: kernelFiles.hostname() ?? (attempt(() => os.hostname()) || 'unknown'),
    platform: process.platform,
    arch: process.arch,
    cpuCount: kernelFiles.cpuCount() ?? Math.max(1, attempt(() => os.cpus().length) ?? 1),
    memoryTotalBytes: kernelFiles.memoryTotalBytes() ?? attempt(() => os.totalmem()) ?? 0,
    ...(storage && { storageTotalBytes: storage.blocks * storage.bsize }),
  };
};

/** Where it cannot be read, the time since the process started: it grows all the same. */
const uptimeMs = (): number =>
  Math.round((kernelFiles.uptimeSeconds() ?? attempt(() => os.uptime()) ?? process.uptime()) * 1000);

const vitals = async (statePath: string): Promise<MachineVitals> => {
  const [storage, cpuTemperatureCelsius] = await Promise.all([
    attemptAsync(async () => statfs(dirname(statePath))),
    hottestZone(),
  ]);
  const load1 = kernelFiles.load1() ?? (process.platform === 'win32' ? undefined : attempt(() => os.loadavg()[0]));
  return {
    hostUptimeMs: uptimeMs(),
    agentRssBytes: process.memoryUsage.rss(),
    memoryAvailableBytes: kernelFiles.memoryAvailableBytes() ?? attempt(() => os.freemem()) ?? 0,
    ...(load1 !== undefined && { load1 }),
    ...(storage && { storageFreeBytes: storage.bavail * storage.bsize }),
    ...(cpuTemperatureCelsius !== undefined && { cpuTemperatureCelsius }),
  };
};

const thermalDirectory = '/sys/class/thermal';

/** Zones are in thousandths of a degree (Documentation/driver-api/thermal/sysfs-api.rst of Linux). */
const hottestZone = async (): Promise<number | undefined> => {
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
};

/** The state directory may not have been made yet: then the nearest one above it that exists. */
const onExistingPath = <Result>(path: string, read: (path: string) => Result): Result => {
  try {
    return read(path);
  } catch (error) {
    const parent = dirname(path);
    if (parent === path) throw error;
    return onExistingPath(parent, read);
  }
};

const attempt = <Result>(read: () => Result): Result | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

const attemptAsync = async <Result>(read: () => Promise<Result>): Promise<Result | undefined> => {
  try {
    return await read();
  } catch {
    return undefined;
  }
};
