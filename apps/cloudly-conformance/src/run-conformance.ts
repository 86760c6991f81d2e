import { setTimeout as sleep } from 'node:timers/promises';
import { contract } from './contract.js';
import { createConversation } from './conversation.js';
import { CannotTry, Mismatch } from './mismatch.js';
import { describeProvision, type Provision, provisions } from './provisions.js';
import type { Rule, RuleContext, Section } from './rule.js';
import { createRuleContext, type Given } from './rule-context.js';

export interface ConformanceOptions extends Given {
  /** Cloudly's base URL, as in `BASEOS_CLOUDLY_URL`. */
  url: string;
  /** For one request and its answer. @default 10000 */
  timeoutMs?: number;
  /** @default the whole contract */
  sections?: readonly Section[];
  /** Told of each result as it comes. */
  onResult?: (result: RuleResult) => void;
  /** @default the time of this machine */
  wait?: (durationMs: number) => Promise<void>;
}

export type Verdict =
  | { verdict: 'holds' }
  | { verdict: 'fails'; expected: string; got: string }
  | { verdict: 'not-tried'; reason: string };

export type RuleResult = { section: string } & Pick<Rule, 'name' | 'cites' | 'rule'> & Verdict;

/**
 * Plays a node's side of the contract against a Cloudly, rule after rule. It leaves nodes behind.
 *
 * @returns a result for each rule, in the order of the contract; never rejects for what Cloudly does
 */
export const runConformance = async (options: ConformanceOptions): Promise<RuleResult[]> => {
  const { url, timeoutMs = 10_000, wait = waitFor, sections = contract, onResult } = options;
  const conversation = createConversation({ url, timeoutMs, wait });
  const context = createRuleContext(conversation, options, wait);
  const results: RuleResult[] = [];
  for (const { title, rules } of sections) {
    for (const rule of rules) {
      const { name, cites, rule: promise } = rule;
      // Where nobody answers, waiting for it once is enough.
      const isSilent = context.exchanges.length === 0 && results.some(({ verdict }) => verdict === 'fails');
      const verdict = isSilent ? silence : await judge(rule, context, options);
      const result = { section: title, name, cites, rule: promise, ...verdict };
      results.push(result);
      onResult?.(result);
    }
  }
  return results;
};

const waitFor = (durationMs: number): Promise<void> => sleep(durationMs);

const silence: Verdict = { verdict: 'not-tried', reason: 'no request was answered' };

const judge = async ({ needs = [], run }: Rule, context: RuleContext, given: Given): Promise<Verdict> => {
  const missing = needs.filter((need) => !isGiven(need, given));
  if (missing.length > 0) {
    return { verdict: 'not-tried', reason: `needs ${missing.map(describeProvision).join(' and ')}` };
  }
  try {
    await run(context);
    return { verdict: 'holds' };
  } catch (error) {
    if (error instanceof Mismatch) return { verdict: 'fails', expected: error.expected, got: error.got };
    if (error instanceof CannotTry) return { verdict: 'not-tried', reason: error.message };
    throw error;
  }
};

const isGiven = (need: Provision, { tokens = {}, operator = {}, slow = false }: Given): boolean => {
  if (need === 'slow') return slow;
  return provisions[need].kind === 'token' ? need in tokens : need in operator;
};
