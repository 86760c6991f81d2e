import type { LogFields, Logger } from '../ports/logger.js';
import { clockRemedy, describeClockSkew, isClockRight } from '../device/clock-words.js';
import type { LoopState } from './loop-state.js';
import { callOf } from './standing.js';

export interface LogEntry {
  level: 'error' | 'warn' | 'info' | 'debug';
  message: string;
  fields?: LogFields | undefined;
}

export interface Story {
  before: LoopState;
  after: LoopState;
  nodeId: string;
  cloudlyUrl: string;
  approvalCode: string | undefined;
  nowMs: number;
  /** Codes of the problems that were told since Cloudly acknowledged a heartbeat. */
  toldProblems: ReadonlySet<string>;
  /** How far the device's clock is ahead of Cloudly's, where that is known, and whether it was told that it is wrong. */
  clock: { skewMs: number | undefined; isTold: boolean };
}

/** What an operator reads of a step: each change once, and each problem once until Cloudly acknowledges a heartbeat. */
export function narrate(story: Story): LogEntry[] {
  return [outageEnd(story), change(story), acknowledgement(story), pace(story), clock(story), problemOf(story)].filter(
    (entry) => entry !== undefined,
  );
}

/** The problems that count as told after a step. */
export function toldProblemsAfter({ before, after, toldProblems }: Story): ReadonlySet<string> {
  const kept = isAcknowledged({ before, after }) ? [] : toldProblems;
  return new Set(after.problem ? [...kept, after.problem.code] : kept);
}

/** Whether it counts as told after a step that the device's clock is wrong. */
export function isClockToldAfter({ clock: { skewMs, isTold } }: Pick<Story, 'clock'>): boolean {
  return describeClockSkew(skewMs) !== undefined || (isTold && !isClockRight(skewMs));
}

/** What an operator reads when the loop begins. */
export function narrateStart({
  state,
  waitMs,
  toldProblems,
}: {
  state: LoopState;
  waitMs: number;
  toldProblems: ReadonlySet<string>;
}): LogEntry[] {
  const entries: LogEntry[] = [];
  const { problem } = state;
  if (problem && !toldProblems.has(problem.code)) {
    entries.push({ level: 'warn', message: `${problem.message} ${problem.remedy}`, fields: { code: problem.code } });
  }
  const call = callOf(state);
  const seconds = Math.round(waitMs / 1000);
  if (call !== undefined && seconds > 0) {
    entries.push(info(`The first call to Cloudly, ${call}, follows in ${seconds} s.`, { call }));
  }
  return entries;
}

export function tell(entries: readonly LogEntry[], logger: Logger): void {
  for (const { level, message, fields } of entries) logger[level](message, fields);
}

function outageEnd({ before, after, cloudlyUrl, nowMs }: Story): LogEntry | undefined {
  if (before.outageSinceMs === undefined || after.outageSinceMs !== undefined) return undefined;
  const attempts = before.failuresInARow;
  const seconds = Math.round((nowMs - before.outageSinceMs) / 1000);
  return {
    // Between two refusals an outage is no news.
    level: after.connectivity === 'connected' ? 'info' : 'debug',
    message: `Cloudly at ${cloudlyUrl} answers again, after ${attempts} failed ${attempts === 1 ? 'call' : 'calls'} in ${seconds} s.`,
    fields: { attempts, outageMs: Math.round(nowMs - before.outageSinceMs) },
  };
}

function change({ before, after, nodeId, cloudlyUrl, approvalCode }: Story): LogEntry | undefined {
  if (before.node === 'dormant' && after.node === 'registered') {
    return info(`Cloudly at ${cloudlyUrl} accepts this node again: it is no longer dormant.`, { nodeId });
  }
  const isEnrolled = after.node === 'registered' && before.credential === 'registration-key';
  if (isEnrolled && after.credential === 'current' && after.connectivity === 'connected') {
    return info(`Registered with Cloudly at ${cloudlyUrl} as node ${nodeId}.`, { nodeId });
  }
  if (after.node === 'pending' && before.node !== 'pending') {
    return info(
      `Cloudly at ${cloudlyUrl} knows this node and waits for an operator to approve it. Approval code: ${approvalCode}.`,
      { nodeId, approvalCode },
    );
  }
  return undefined;
}

function acknowledgement({ before, after }: Story): LogEntry | undefined {
  if (!isAcknowledged({ before, after })) return undefined;
  const heartbeat = after.heartbeatsAcknowledged;
  return heartbeat === 1
    ? info('Cloudly acknowledged the first heartbeat of this start.', { heartbeat })
    : { level: 'debug', message: `Cloudly acknowledged heartbeat ${heartbeat}.`, fields: { heartbeat } };
}

function pace({ before, after }: Story): LogEntry | undefined {
  return before.intervalMs === after.intervalMs
    ? undefined
    : info(`Cloudly wants a heartbeat every ${after.intervalMs / 1000} s.`, { heartbeatIntervalMs: after.intervalMs });
}

function clock({ clock: { skewMs, isTold } }: Story): LogEntry | undefined {
  const skew = describeClockSkew(skewMs);
  if (isTold && isClockRight(skewMs)) return info("The device's clock agrees with Cloudly's.", { clockSkewMs: skewMs });
  if (isTold || skew === undefined) return undefined;
  return { level: 'warn', message: `${skew} ${clockRemedy}`, fields: { clockSkewMs: skewMs } };
}

function problemOf({ before, after, toldProblems }: Story): LogEntry | undefined {
  if (after.problem === undefined) {
    const isOver = before.problem !== undefined && isAcknowledged({ before, after });
    return isOver && before.outageSinceMs === undefined && before.node === after.node
      ? info('The problem is over.', { code: before.problem?.code })
      : undefined;
  }
  const { code, message, remedy } = after.problem;
  // The node's change to `pending` has been told.
  const isTold = after.node === 'pending' && code === 'pending-approval';
  const isOngoingOutage = before.outageSinceMs !== undefined && after.outageSinceMs !== undefined;
  const isKnown = isOngoingOutage || isTold || toldProblems.has(code);
  return { level: isKnown ? 'debug' : 'warn', message: `${message} ${remedy}`, fields: { code } };
}

function isAcknowledged({ before, after }: Pick<Story, 'before' | 'after'>): boolean {
  return after.heartbeatsAcknowledged !== before.heartbeatsAcknowledged;
}

function info(message: string, fields: LogFields): LogEntry {
  return { level: 'info', message, fields };
}
