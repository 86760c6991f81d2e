import * as v from 'valibot';
import { count, durationMs, type KnownKeys, percent } from './schema-parts.js';

/** What always changes. What a node cannot read it leaves out; it never guesses. */
export const vitalsSchema = v.looseObject({
  agentUptimeMs: durationMs,
  hostUptimeMs: v.optional(durationMs),
  /** The agent's own resident memory. */
  agentRssBytes: count,
  memoryAvailableBytes: v.optional(count),
  /** Mean number of runnable processes over the last minute. */
  load1: v.optional(v.pipe(v.number(), v.finite('finite'), v.minValue(0, 'min'))),
  storageFreeBytes: v.optional(count),
  cpuTemperatureCelsius: v.optional(v.pipe(v.number(), v.finite('finite'))),
  /** The node's wall clock minus Cloudly's. */
  clockSkewMs: v.optional(v.pipe(v.number(), v.safeInteger('integer'))),
  downloadProgressPercent: v.optional(percent),
  /** Time since the Supervisor last answered. */
  supervisorSeenMsAgo: v.optional(durationMs),
  /** Heartbeats without a 200 since the last one that got it. */
  failedHeartbeats: count,
});

export type Vitals = KnownKeys<v.InferOutput<typeof vitalsSchema>>;
