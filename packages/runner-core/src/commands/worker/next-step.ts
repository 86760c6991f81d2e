import type { CommandRules } from '../rules/command-rules.js';
import { type FollowedCommand, inTurn, type WaitingCommand } from './worker-state.js';

/** What the worker does next. */
export type NextStep =
  | { kind: 'expire' | 'try' | 'look'; id: string }
  /** What could not be stored before. */
  | { kind: 'store' }
  | { kind: 'sleep'; untilMs: number }
  /** There is no command. */
  | { kind: 'rest' };

export interface NextStepParts {
  waiting: ReadonlyMap<string, WaitingCommand>;
  followed: ReadonlyMap<string, Pick<FollowedCommand, 'lookAtMs'> & { kind: string }>;
  storeAtMs: number | undefined;
  nowMs: number;
}

/** The one thing to do now. Those who wait give their turn to the others. Pure. */
export function nextStep(
  { waiting, followed, storeAtMs, nowMs }: NextStepParts,
  rules: Pick<CommandRules, 'mayBegin'>,
): NextStep {
  const askedKinds = [...followed.values()].map(({ kind }) => kind);
  const expired = [...waiting].find(([, { expiresAtMs }]) => expiresAtMs <= nowMs);
  if (expired) return { kind: 'expire', id: expired[0] };
  const seen = [...followed].find(([, { lookAtMs }]) => lookAtMs <= nowMs);
  if (seen) return { kind: 'look', id: seen[0] };
  const beginning = inTurn(waiting).filter(([, { command }]) => rules.mayBegin(command.kind, askedKinds));
  const tried = beginning.find(([, { tryAtMs }]) => tryAtMs <= nowMs);
  if (tried) return { kind: 'try', id: tried[0] };
  if (storeAtMs !== undefined && storeAtMs <= nowMs) return { kind: 'store' };
  const times = [
    ...[...waiting.values()].map(({ expiresAtMs }) => expiresAtMs),
    ...beginning.map(([, { tryAtMs }]) => tryAtMs),
    ...[...followed.values()].map(({ lookAtMs }) => lookAtMs),
    ...(storeAtMs === undefined ? [] : [storeAtMs]),
  ];
  return times.length === 0 ? { kind: 'rest' } : { kind: 'sleep', untilMs: Math.min(...times) };
}
