import { setTimeout as sleep } from 'node:timers/promises';
import { contract } from '../rules/contract.js';
import type { SendAndRead } from '../exchange/http-exchange.js';
import { createConversation } from '../exchange/conversation.js';
import { type Ending, findEnding } from './find-ending.js';
import { GaveUp } from './gave-up.js';
import { letFirstNodeIn } from './let-first-node-in.js';
import type { RuleResult, Verdict } from './rule-result.js';
import { BrokenProvision, CannotTry, Mismatch, NoAnswer } from '../exchange/mismatch.js';
import { describeProvision, type Provision, provisions } from '../rule/provisions.js';
import type { Rule, RuleContext, Section } from '../rule/rule.js';
import { createRuleContext, type Given } from '../rule/rule-context.js';

export interface ConformanceOptions extends Given {
  /** Cloudly's base URL, as in `BASEOS_CLOUDLY_URL`. */
  url: string;
  /** For one request and its answer. @default 10000 */
  timeoutMs?: number;
  /** @default the whole contract */
  sections?: readonly Section[];
  /** Called with each result. */
  onResult?: (result: RuleResult) => void;
  /** @default the time of this machine */
  wait?: (durationMs: number) => Promise<void>;
  /** How requests reach Cloudly. @default over HTTP */
  sendAndRead?: SendAndRead;
}

/**
 * Acts as a node towards a Cloudly, rule after rule. It leaves nodes behind.
 *
 * @returns a result for each rule, in the order of the contract
 * @throws GaveUp if no node is admitted, the join token ends during the run, or Cloudly stops answering; for nothing else that Cloudly
 * does
 */
export async function runConformance(options: ConformanceOptions): Promise<RuleResult[]> {
  const { url, timeoutMs = 10_000, wait = waitFor, sections = contract, onResult, sendAndRead } = options;
  const conversation = createConversation({ url, timeoutMs, wait, sendAndRead });
  const context = createRuleContext(conversation, options, wait, await letFirstNodeIn(conversation, options));
  const results: RuleResult[] = [];
  for (const { title, rules } of sections) {
    for (const rule of rules) {
      const { name, cites, rule: promise } = rule;
      const before = context.exchanges.length;
      const { isUnanswered = false, ...verdict } = await judge(rule, context, options);
      const ending =
        verdict.verdict === 'holds'
          ? undefined
          : await findEnding(context, context.exchanges.slice(before), isUnanswered);
      const result = { section: title, name, cites, rule: promise, ...(withEnding(ending) ?? verdict) };
      results.push(result);
      onResult?.(result);
      if (ending) throw new GaveUp(ending.message, results);
    }
  }
  return results;
}

function waitFor(durationMs: number): Promise<void> {
  return sleep(durationMs);
}

function withEnding(ending: Ending | undefined): Verdict | undefined {
  return ending?.notTried === undefined ? undefined : { verdict: 'not-tried', reason: ending.notTried };
}

async function judge(
  { needs = [], run }: Rule,
  context: RuleContext,
  given: Given,
): Promise<Verdict & { isUnanswered?: boolean }> {
  const missing = needs.filter((need) => !isGiven(need, given));
  if (missing.length > 0) {
    return { verdict: 'not-tried', reason: `needs ${missing.map(describeProvision).join(' and ')}` };
  }
  try {
    await run(context);
    return { verdict: 'holds' };
  } catch (error) {
    if (error instanceof Mismatch) {
      return { verdict: 'fails', expected: error.expected, got: error.got, isUnanswered: error instanceof NoAnswer };
    }
    if (error instanceof CannotTry) {
      const isProvisionBroken = error instanceof BrokenProvision;
      return { verdict: 'not-tried', reason: error.message, ...(isProvisionBroken && { isProvisionBroken }) };
    }
    throw error;
  }
}

function isGiven(need: Provision, { tokens = {}, operator = {}, slow = false }: Given): boolean {
  if (need === 'slow') return slow;
  return provisions[need].kind === 'token' ? need in tokens : need in operator;
}
