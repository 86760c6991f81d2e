import type { NodeStore } from '@serve.zone/baseos-cloudly-handlers';

/** A stand-alone Cloudly that runs until the test ends, with its operator's actions and a controllable clock. */
export interface StandaloneCloudly {
  url: string;
  /** The fleet, as the commands beside the server see it. */
  store: () => NodeStore;
  now: () => number;
  pass: (durationMs: number) => Promise<void>;
  backUp: () => Promise<void>;
  restore: () => Promise<void>;
}

/** The pace that it gives to its nodes. */
export const HEARTBEAT_INTERVAL_MS = 60_000;
