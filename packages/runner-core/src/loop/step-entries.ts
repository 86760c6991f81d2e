import type { LogFields, Logger } from '../ports/logger.js';
import { clockRemedy, describeClockSkew, isClockRight } from '../device/clock-words.js';
import type { LoopState } from './loop-state.js';
import { callOf } from './standing.js';

export interface LogEntry {
  level: 'error' | 'warn' | 'info' | 'debug';
  message: string;
  fields?: LogFields | undefined;
}

export interface LoggedStep {
  before: LoopState;
  after: LoopState;
  nodeId: string;
  cloudlyUrl: string;
  approvalCode: string | undefined;
  nowMs: number;
  /** Codes of the problems that were logged since Cloudly acknowledged a heartbeat. */
  loggedProblems: ReadonlySet<string>;
  /** How far the device's clock is ahead of Cloudly's, where that is known, and whether the log says that it is wrong. */
  clock: { skewMs: number | undefined; isLogged: boolean };
}

/**
 * What an operator reads about a step: each change once, and each problem once until Cloudly acknowledges a heartbeat.
 */
export function stepEntries(logged: LoggedStep): LogEntry[] {
  return [
    outageEnd(logged),
    change(logged),
    acknowledgement(logged),
    pace(logged),
    clock(logged),
    problemOf(logged),
  ].filter((entry) => entry !== undefined);
}

/** The problems that count as logged after a step. */
export function loggedProblemsAfter({ before, after, loggedProblems }: LoggedStep): ReadonlySet<string> {
  const kept = isAcknowledged({ before, after }) ? [] : loggedProblems;
  return new Set(after.problem ? [...kept, after.problem.code] : kept);
}

/** Whether the wrong clock of the device counts as logged after a step. */
export function isClockLoggedAfter({ clock: { skewMs, isLogged } }: Pick<LoggedStep, 'clock'>): boolean {
  return describeClockSkew(skewMs) !== undefined || (isLogged && !isClockRight(skewMs));
}

/** What an operator reads when the loop begins. */
export function startEntries({
  state,
  waitMs,
  loggedProblems,
}: {
  state: LoopState;
  waitMs: number;
  loggedProblems: ReadonlySet<string>;
}): LogEntry[] {
  const entries: LogEntry[] = [];
  const { problem } = state;
  if (problem && !loggedProblems.has(problem.code)) {
    entries.push({ level: 'warn', message: `${problem.message} ${problem.remedy}`, fields: { code: problem.code } });
  }
  const call = callOf(state);
  const seconds = Math.round(waitMs / 1000);
  if (call !== undefined && seconds > 0) {
    const message = call === 'register' ? `First registration in ${seconds} s.` : `First heartbeat in ${seconds} s.`;
    entries.push(info(message, { call }));
  }
  return entries;
}

export function writeEntries(entries: readonly LogEntry[], logger: Logger): void {
  for (const { level, message, fields } of entries) logger[level](message, fields);
}

function outageEnd({ before, after, cloudlyUrl, nowMs }: LoggedStep): LogEntry | undefined {
  if (before.outageSinceMs === undefined || after.outageSinceMs !== undefined) return undefined;
  const attempts = before.failuresInARow;
  const seconds = Math.round((nowMs - before.outageSinceMs) / 1000);
  return {
    // An operator must see the rejections before and after the outage.
    level: after.connectivity === 'connected' ? 'info' : 'debug',
    message: `Cloudly at ${cloudlyUrl} answers again, after ${attempts} failed ${attempts === 1 ? 'call' : 'calls'} in ${seconds} s.`,
    fields: { attempts, outageMs: Math.round(nowMs - before.outageSinceMs) },
  };
}

function change({ before, after, nodeId, cloudlyUrl, approvalCode }: LoggedStep): LogEntry | undefined {
  if (before.node === 'dormant' && after.node === 'registered') {
    return info(`Cloudly at ${cloudlyUrl} accepts this node again: it is no longer dormant.`, { nodeId });
  }
  const isEnrolled = after.node === 'registered' && before.credential === 'registration-key';
  if (isEnrolled && after.credential === 'current' && after.connectivity === 'connected') {
    return info(`Registered with Cloudly at ${cloudlyUrl} as node ${nodeId}.`, { nodeId });
  }
  if (after.node === 'pending' && before.node !== 'pending') {
    return info(
      `Cloudly at ${cloudlyUrl} is waiting for an operator to approve this node. Approval code: ${approvalCode}.`,
      { nodeId, approvalCode },
    );
  }
  return undefined;
}

function acknowledgement({ before, after }: LoggedStep): LogEntry | undefined {
  if (!isAcknowledged({ before, after })) return undefined;
  const heartbeat = after.heartbeatsAcknowledged;
  return heartbeat === 1
    ? info('Cloudly acknowledged the first heartbeat of this start.', { heartbeat })
    : { level: 'debug', message: `Cloudly acknowledged heartbeat ${heartbeat}.`, fields: { heartbeat } };
}

function pace({ before, after }: LoggedStep): LogEntry | undefined {
  return before.intervalMs === after.intervalMs
    ? undefined
    : info(`Cloudly set the heartbeat interval to ${after.intervalMs / 1000} s.`, {
        heartbeatIntervalMs: after.intervalMs,
      });
}

function clock({ clock: { skewMs, isLogged } }: LoggedStep): LogEntry | undefined {
  const skew = describeClockSkew(skewMs);
  if (isLogged && isClockRight(skewMs))
    return info("The device's clock agrees with Cloudly's.", { clockSkewMs: skewMs });
  if (isLogged || skew === undefined) return undefined;
  return { level: 'warn', message: `${skew} ${clockRemedy}`, fields: { clockSkewMs: skewMs } };
}

function problemOf({ before, after, loggedProblems }: LoggedStep): LogEntry | undefined {
  if (after.problem === undefined) {
    const isOver = before.problem !== undefined && isAcknowledged({ before, after });
    return isOver && before.outageSinceMs === undefined && before.node === after.node
      ? info('The problem is resolved.', { code: before.problem?.code })
      : undefined;
  }
  const { code, message, remedy } = after.problem;
  // The node's change to `pending` has been logged.
  const isLogged = after.node === 'pending' && code === 'pending-approval';
  const isOngoingOutage = before.outageSinceMs !== undefined && after.outageSinceMs !== undefined;
  const isKnown = isOngoingOutage || isLogged || loggedProblems.has(code);
  return { level: isKnown ? 'debug' : 'warn', message: `${message} ${remedy}`, fields: { code } };
}

function isAcknowledged({ before, after }: Pick<LoggedStep, 'before' | 'after'>): boolean {
  return after.heartbeatsAcknowledged !== before.heartbeatsAcknowledged;
}

function info(message: string, fields: LogFields): LogEntry {
  return { level: 'info', message, fields };
}
