import type { RuntimeStatus, Vitals } from '@serve.zone/baseos-contracts';

export type HostFacts = RuntimeStatus['host'];

/** What the machine itself can tell; the agent adds the rest. */
export type MachineVitals = Pick<
  Vitals,
  'hostUptimeMs' | 'agentRssBytes' | 'memoryAvailableBytes' | 'load1' | 'storageFreeBytes' | 'cpuTemperatureCelsius'
>;

/** The machine below the agent; a simulation brings its own. What cannot be read is left out. It never throws. */
export interface Machine {
  /** The JavaScript runtime. */
  runtime(): RuntimeStatus['runtime'];
  host(): HostFacts;
  /** Since the kernel started, the time asleep included: what `/proc/uptime` says. */
  uptimeMs(): number;
  vitals(): Promise<MachineVitals>;
}
