import type { Rule } from '../rule/rule.js';

export type Verdict =
  | { verdict: 'holds' }
  | { verdict: 'fails'; expected: string; got: string }
  /** `isProvisionBroken` where a token or a command was given for it that does not do what it is for. */
  | { verdict: 'not-tried'; reason: string; isProvisionBroken?: true };

export type RuleResult = { section: string } & Pick<Rule, 'name' | 'cites' | 'rule'> & Verdict;
