import { type ProblemCode, problems } from '@serve.zone/baseos-contracts';
import { type Answer, describeAnswer, isObject } from '../exchange/answer.js';
import { BrokenProvision, Mismatch } from '../exchange/mismatch.js';
import { provisions, type TokenProvision } from './provisions.js';

/**
 * That an answer is this problem: its status and its code. The other members of problem documents have a rule of their
 * own.
 *
 * @param when under which circumstances, where a rule tries several
 * @throws Mismatch
 */
export function expectProblem(answer: Answer, code: ProblemCode, when?: string): void {
  const { status } = problems[code];
  if (answer.status === status && answer.json['code'] === code) return;
  throw new Mismatch(`${status} ${code}${circumstance(when)}`, describeAnswer(answer));
}

/**
 * That a node was admitted.
 *
 * @returns its token
 * @throws Mismatch
 */
export function expectAdmitted(answer: Answer, status: 200 | 201, when?: string): string {
  const { nodeToken } = answer.json;
  if (answer.status === status && typeof nodeToken === 'string' && nodeToken !== '') return nodeToken;
  const got = answer.status === status ? `${status} without a nodeToken` : describeAnswer(answer);
  throw new Mismatch(`${status} with a nodeToken${circumstance(when)}`, got);
}

/**
 * That a registration waits for an operator.
 *
 * @throws Mismatch
 */
export function expectPending(answer: Answer, when?: string): void {
  const { accepted, reason, nodeToken } = answer.json;
  const isPending = accepted === false && reason === 'pending-approval' && nodeToken === undefined;
  if (answer.status === 202 && isPending) return;
  const got = answer.status === 202 ? '202 with something else' : describeAnswer(answer);
  throw new Mismatch(`202 with accepted: false, reason: 'pending-approval' and no nodeToken${circumstance(when)}`, got);
}

/**
 * That a join token which the operator has given for a rule admits a new node; otherwise, that says nothing about the
 * rule.
 *
 * @throws BrokenProvision
 */
export function requireGoodToken(answer: Answer, provision: TokenProvision): void {
  const { code } = answer.json;
  if (answer.status !== 401 || typeof code !== 'string' || !code.startsWith('join-token-')) return;
  throw new BrokenProvision(
    `the token of --${provisions[provision].flag} admits no new node (${describeAnswer(answer)})`,
  );
}

/**
 * That a heartbeat was accepted.
 *
 * @returns the answer's members
 * @throws Mismatch
 */
export function expectTaken(answer: Answer, when?: string): Readonly<Record<string, unknown>> {
  if (answer.status === 200) return answer.json;
  throw new Mismatch(`200${circumstance(when)}`, describeAnswer(answer));
}

/** @throws Mismatch */
export function expectThat(holds: boolean, expected: string, got: string): void {
  if (!holds) throw new Mismatch(expected, got);
}

/** The places that a problem document names, with whatever they contain. */
export function issuesOf({ json }: Answer): Record<string, unknown>[] {
  const { issues } = json;
  return Array.isArray(issues) ? issues.filter(isObject) : [];
}

function circumstance(when?: string): string {
  return when === undefined ? '' : ` ${when}`;
}
