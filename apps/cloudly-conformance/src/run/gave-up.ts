import type { RuleResult } from './rule-result.js';

/** A run ended before its last rule: what is left cannot be tried, and would say nothing of the Cloudly. */
export class GaveUp extends Error {
  override readonly name = 'GaveUp';
  /** Those of the rules that were tried. */
  readonly results: readonly RuleResult[];

  /** @param message for people: why, by which answer, and what to do */
  constructor(message: string, results: readonly RuleResult[]) {
    super(message);
    this.results = results;
  }
}
