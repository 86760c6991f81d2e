import type { Rule } from '../rule/rule.js';

export type Verdict =
  | { verdict: 'holds' }
  | { verdict: 'fails'; expected: string; got: string }
  /** `isProvisionBroken` if a token or a command that was given for it does not work. */
  | { verdict: 'not-tried'; reason: string; isProvisionBroken?: true };

export type RuleResult = { section: string } & Pick<Rule, 'name' | 'cites' | 'rule'> & Verdict;
