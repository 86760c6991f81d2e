import { readFileSync } from 'node:fs';

/**
 * What Linux tells in files (proc(5)), which every runtime may read that may read files: Deno has a permission of its own
 * for what `node:os` tells. Each is `undefined` where there is no such file.
 */
export const kernelFiles = {
  hostname: (): string | undefined => /^\S+/.exec(read('/proc/sys/kernel/hostname'))?.[0],
  cpuCount: (): number | undefined => read('/proc/cpuinfo').match(/^processor\s*:/gm)?.length,
  uptimeSeconds: (): number | undefined => numberIn(/^([\d.]+)/, read('/proc/uptime')),
  load1: (): number | undefined => numberIn(/^([\d.]+)/, read('/proc/loadavg')),
  memoryTotalBytes: (): number | undefined => kibibytesIn(/^MemTotal:\s+(\d+) kB$/m),
  memoryAvailableBytes: (): number | undefined => kibibytesIn(/^MemAvailable:\s+(\d+) kB$/m),
} as const;

const kibibytesIn = (pattern: RegExp): number | undefined => {
  const kibibytes = numberIn(pattern, read('/proc/meminfo'));
  return kibibytes === undefined ? undefined : kibibytes * 1024;
};

const numberIn = (pattern: RegExp, text: string): number | undefined => {
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
