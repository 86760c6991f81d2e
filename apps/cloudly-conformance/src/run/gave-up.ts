import type { RuleResult } from './rule-result.js';

/** A run ended before its last rule: the remaining rules cannot be tried, and would say nothing about the Cloudly. */
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
