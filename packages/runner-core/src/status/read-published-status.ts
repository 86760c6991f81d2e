import { join } from 'node:path';
import * as v from 'valibot';
import { isDenied } from '../identity/storage-problem.js';
import type { Machine } from '../ports/machine.js';
import { readRegularFile } from '../ports/read-regular-file.js';
import { pidNamespace, processRuns } from './process-runs.js';
import { defaultRunPaths, type FoundStatus, type PublishedStatus, STATUS_FILE_NAME } from './published-status.js';

export interface ReadPublishedStatusOptions {
  /** As in `BASEOS_RUN_PATH`. @default each of {@link defaultRunPaths} */
  runPath?: string | undefined;
  machine: Pick<Machine, 'uptimeMs'>;
}

/** What an agent on this device published, the live before the stale. It never throws. */
export const readPublishedStatus = async ({ runPath, machine }: ReadPublishedStatusOptions): Promise<FoundStatus> => {
  const candidates = runPath === undefined ? defaultRunPaths : [runPath];
  const found = await Promise.all(candidates.map(async (directory) => readOne(directory, machine.uptimeMs() / 1000)));
  const kinds = ['live', 'unreadable', 'stale'] as const;
  return kinds.flatMap((wanted) => found.filter(({ kind }) => kind === wanted))[0] ?? { kind: 'none' };
};

/** An agent's is some kilobytes. */
const STATUS_MAX_BYTES = 4 * 1024 * 1024;

const readOne = async (directory: string, uptimeSeconds: number): Promise<FoundStatus> => {
  const path = join(directory, STATUS_FILE_NAME);
  let text: string;
  try {
    text = new TextDecoder().decode(await readRegularFile(path, STATUS_MAX_BYTES));
  } catch (error) {
    return isDenied(error) ? { kind: 'unreadable', path } : { kind: 'none' };
  }
  const published = parse(text);
  if (published === undefined) return { kind: 'none' };
  // Written at a later uptime than now: before the device was restarted.
  const isOfThisBoot = published.writtenAtUptimeSeconds <= uptimeSeconds;
  const isInTime = isOfThisBoot && uptimeSeconds <= published.healthyUntilUptimeSeconds;
  const isLive = isInTime && (published.pidNamespace !== pidNamespace() || processRuns(published.agent.pid));
  return { kind: isLive ? 'live' : 'stale', path, published };
};

/** As far as a reader must know the file is an agent's; the status in it is what this agent's kind writes. */
const publishedSchema = v.object({
  format: v.literal(1),
  agent: v.object({ pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)), bootId: v.string(), version: v.string() }),
  pidNamespace: v.optional(v.string()),
  writtenAt: v.string(),
  writtenAtUptimeSeconds: v.number(),
  healthyUntilUptimeSeconds: v.number(),
  status: v.looseObject({
    runtime: v.looseObject({}),
    supervisor: v.looseObject({ state: v.string() }),
    cloudly: v.looseObject({ state: v.string() }),
    configuration: v.looseObject({}),
  }),
  nextRequest: v.optional(
    v.looseObject({ call: v.picklist(['register', 'heartbeat']), request: v.looseObject({ nodeId: v.string() }) }),
  ),
});

const parse = (text: string): PublishedStatus | undefined => {
  try {
    const parsed = v.safeParse(publishedSchema, JSON.parse(text));
    return parsed.success ? (parsed.output as unknown as PublishedStatus) : undefined;
  } catch {
    return undefined;
  }
};
