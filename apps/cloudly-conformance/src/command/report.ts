import { escapeControls } from '@serve.zone/baseos-command-line';
import type { RuleResult } from '../run/rule-result.js';

export interface Summary {
  hold: number;
  fail: number;
  notTried: number;
}

export function summarize(results: readonly RuleResult[]): Summary {
  const count = (wanted: RuleResult['verdict']): number => results.filter(({ verdict }) => verdict === wanted).length;
  return { hold: count('holds'), fail: count('fails'), notTried: count('not-tried') };
}

/** One line for a result. */
export function describeResult(result: RuleResult): string {
  const { verdict } = result;
  const rule = `${result.rule} (${result.cites.join(', ')})`;
  if (verdict === 'holds') return `  holds      ${rule}`;
  if (verdict === 'not-tried') return `  not tried  ${rule}: ${escapeControls(result.reason)}`;
  return `  fails      ${rule}: expected ${escapeControls(result.expected)}, got ${escapeControls(result.got)}`;
}

export function describeSummary({ hold, fail, notTried }: Summary): string {
  return `${hold} hold, ${fail} fail, ${notTried} not tried`;
}
