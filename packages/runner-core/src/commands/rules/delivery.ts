import { type CommandResult, limits } from '@serve.zone/baseos-contracts';
import { reducedResult } from './usable-result.js';

/** How results are sent. One that Cloudly refuses must keep neither the node nor the other results away. */
export interface Delivery {
  /** Those that were in a refused heartbeat: each goes alone. */
  suspects: ReadonlySet<string>;
  /** Those that were refused alone: they go as the least that says how they ended. */
  reduced: ReadonlySet<string>;
}

export const undisturbed: Delivery = { suspects: new Set(), reduced: new Set() };

/** The results for the next heartbeat: all that fit, or a single one while there are suspects. */
export function resultsToSend(pending: readonly CommandResult[], { suspects, reduced }: Delivery): CommandResult[] {
  const suspect = pending.find(({ id }) => suspects.has(id));
  if (suspect === undefined) return pending.slice(0, limits.commandResultsMax);
  return [reduced.has(suspect.id) ? reducedResult(suspect) : suspect];
}

/** After a 200 that took these results. */
export function afterTaken({ suspects, reduced }: Delivery, ids: readonly string[]): Delivery {
  return { suspects: without(suspects, ids), reduced: without(reduced, ids) };
}

/**
 * After Cloudly has refused a heartbeat with these results.
 *
 * @param isAlone the heartbeat held one result and no status, so that nothing else can be the cause
 * @returns `givenUp` names a result that Cloudly refused in its least form, too
 */
export function afterRefused(
  { suspects, reduced }: Delivery,
  ids: readonly string[],
  { isAlone }: { isAlone: boolean },
): { delivery: Delivery; givenUp: string | undefined } {
  const [first] = ids;
  if (!isAlone || first === undefined) {
    return { delivery: { suspects: new Set([...suspects, ...ids]), reduced }, givenUp: undefined };
  }
  return reduced.has(first)
    ? { delivery: { suspects: without(suspects, ids), reduced: without(reduced, ids) }, givenUp: first }
    : {
        delivery: { suspects: new Set([...suspects, first]), reduced: new Set([...reduced, first]) },
        givenUp: undefined,
      };
}

function without(set: ReadonlySet<string>, ids: readonly string[]): ReadonlySet<string> {
  return new Set([...set].filter((id) => !ids.includes(id)));
}
