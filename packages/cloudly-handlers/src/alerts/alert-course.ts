import type { AlertKindDetails } from './alert-kinds.js';
import type { AlertCondition } from './conditions-of.js';

/** Where an alert stands, from the first moment of its condition to its close. Damped: it opens late, and closes late. */
export interface AlertCourse {
  /** Since when its condition holds. */
  sinceMs: number;
  /** It opens then, unless its condition is gone before. */
  opensAtMs: number;
  /** Absent until it opens: nobody has heard of it. */
  openedAtMs?: number;
  /** It closes then, unless its condition is back before. Absent while that holds for no known time. */
  closesAtMs?: number;
}

type Damping = Pick<AlertKindDetails, 'opensAfterMs' | 'closesAfterMs'>;

/** The course of an alert whose condition holds now, or no longer; `undefined` if there is none. */
export function withCondition(
  course: AlertCourse | undefined,
  condition: Pick<AlertCondition, 'sinceMs' | 'untilMs'> | undefined,
  { opensAfterMs, closesAfterMs }: Damping,
  nowMs: number,
): AlertCourse | undefined {
  if (condition) {
    const { sinceMs = nowMs, untilMs } = condition;
    const { closesAtMs: _before, ...rest } = course ?? { sinceMs, opensAtMs: nowMs + opensAfterMs };
    return { ...rest, ...(untilMs !== undefined && { closesAtMs: untilMs + closesAfterMs }) };
  }
  if (course?.openedAtMs === undefined) return undefined;
  return { ...course, closesAtMs: Math.min(course.closesAtMs ?? Infinity, nowMs + closesAfterMs) };
}

/** When something is to be done next; `undefined` if nothing is until its condition changes. */
export function nextStepAtMs({ opensAtMs, openedAtMs, closesAtMs }: AlertCourse): number | undefined {
  return openedAtMs === undefined ? Math.min(opensAtMs, closesAtMs ?? Infinity) : closesAtMs;
}

/** What is due: it `opens`, it `closes`, or it `lapses` before it has opened. */
export type AlertStep = 'opens' | 'closes' | 'lapses';

export function dueStep(course: AlertCourse, nowMs: number): AlertStep | undefined {
  const { opensAtMs, openedAtMs, closesAtMs = Infinity } = course;
  if (closesAtMs <= nowMs) return openedAtMs === undefined ? 'lapses' : 'closes';
  return openedAtMs === undefined && opensAtMs <= nowMs ? 'opens' : undefined;
}
