import * as os from 'node:os';
import { describe, expect, it } from 'vitest';
import { kernelFiles } from './kernel-files.js';

describe.runIf(os.platform() === 'linux')("the kernel's files", () => {
  it('tell what the runtime tells', () => {
    expect(kernelFiles.hostname()).toBe(os.hostname());
    expect(kernelFiles.cpuCount()).toBe(os.cpus().length);
    expect(kernelFiles.memoryTotalBytes()).toBe(os.totalmem());
    expect(kernelFiles.uptimeSeconds()).toBeCloseTo(os.uptime(), -1);
  });

  it('tell how much memory and load there is', () => {
    expect(kernelFiles.memoryAvailableBytes()).toBeLessThanOrEqual(os.totalmem());
    expect(kernelFiles.load1()).toBeGreaterThanOrEqual(0);
  });
});
