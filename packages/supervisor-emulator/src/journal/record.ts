import { bootIdOf } from '../model/model.js';
import type { Model } from '../model/model.js';
import { nextMoment, settle } from '../transitions/settle.js';
import { describeChanges, describeStart } from './describe-changes.js';
import { writeLines } from '../model/journal.js';
import type { JournalLine } from '../model/journal.js';

/** The model with these lines written into its journal. */
export function record(model: Model, lines: readonly JournalLine[]): Model {
  const journal = writeLines(model.journal, lines, bootIdOf(model));
  return journal === model.journal ? model : { ...model, journal };
}

/** The model after a change, with the journal lines of the change. */
export function recordChange(before: Model, after: Model, now: number): Model {
  return before === after ? after : record(after, describeChanges(before, after, now));
}

/** A first model, with the journal lines of the start. */
export function recordStart(model: Model): Model {
  return record(model, describeStart(model));
}

/** Brings the model to this moment as `settle` does, and writes the journal lines of every change in between. */
export function settleAndRecord(model: Model, now: number): Model {
  let current = model;
  for (let at = nextMoment(current); at <= now; at = nextMoment(current)) {
    current = recordChange(current, settle(current, at), at);
  }
  return recordChange(current, settle(current, now), now);
}
