import type { RuntimeStatus, Vitals } from '@serve.zone/baseos-contracts';

/** What is known about the host without a wait. */
export type HostFacts = Omit<RuntimeStatus['host'], 'storageTotalBytes'>;

/** What must be read from the machine, which takes as long as its disks and sensors take. */
export type MachineVitals = Pick<
  Vitals,
  'hostUptimeMs' | 'memoryAvailableBytes' | 'load1' | 'storageFreeBytes' | 'cpuTemperatureCelsius'
> &
  Pick<RuntimeStatus['host'], 'storageTotalBytes'>;

/** The machine below the agent; a simulation brings its own. What cannot be read is left out. It never throws. */
export interface Machine {
  /** The JavaScript runtime. */
  runtime(): RuntimeStatus['runtime'];
  host(): HostFacts;
  /** The agent's own resident memory. */
  agentRssBytes(): number | undefined;
  /** Since the kernel started, the time asleep included: what `/proc/uptime` says. */
  uptimeMs(): number;
  vitals(): Promise<MachineVitals>;
}
