import type { Answer } from '../../exchange/answer.js';
import { expectAdmitted, expectTaken } from '../../rule/expectations.js';
import type { AdmittedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import type { RuleContext } from '../../rule/rule.js';

/** Longer than the minute that distinguishes a copied disk from a late request. */
export const APART_MS = 65_000;

export interface Copies {
  node: AdmittedNode;
  /** Each sends its next heartbeat, with the token that both have unless another is named. */
  original: (token?: string) => Promise<Answer>;
  copy: (token?: string) => Promise<Answer>;
  copyBootId: string;
  originalBootId: string;
}

/**
 * A node whose disk was copied: two processes send heartbeats in turns, each with rising sequences.
 *
 * @param lastToken the token of the heartbeat that makes the node suspected
 */
export async function suspected(context: RuleContext, enrolled?: AdmittedNode, lastToken?: string): Promise<Copies> {
  const { enrol, heartbeat, wait } = context;
  const node = enrolled ?? (await enrol());
  const bootId = node.bootId();
  let sequence = 1000;
  const original = (token = node.nodeToken) => heartbeat(node.heartbeat({ bootId, sequence: (sequence += 1) }), token);
  node.restart();
  const copyBootId = node.bootId();
  const copy = (token = node.nodeToken) => heartbeat(node.heartbeat({ bootId: copyBootId }), token);
  expectTaken(await copy(), 'to the copy');
  expectTaken(await original(), 'to the original, once');
  await wait(APART_MS);
  expectTaken(await copy(), 'to the copy again');
  expectTaken(await original(lastToken), 'to the original again');
  return { node, original, copy, copyBootId, originalBootId: bootId };
}

/** A node that got another token and has not used it. */
export async function withNextToken({ enrol, register }: RuleContext): Promise<{ node: AdmittedNode; next: string }> {
  const node = await enrol();
  return { node, next: expectAdmitted(await register(node.registration()), 200) };
}
