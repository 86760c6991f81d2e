import type { ProblemCode } from '@serve.zone/baseos-contracts';
import type { OutgoingRequest } from '../exchange/conversation.js';
import { expectProblem } from './expectations.js';
import type { RuleContext } from './rule.js';

/** How a valid request is made invalid: from the JSON of its message to what is sent. */
export type Spoil = (json: string) => Omit<OutgoingRequest, 'endpoint' | 'credential'>;

/**
 * That a request with a single fault is rejected with `code`, on either endpoint.
 *
 * @throws Mismatch
 */
export async function expectRefused(context: RuleContext, code: ProblemCode, what: string, spoil: Spoil) {
  const registration = JSON.stringify(context.newNode().registration());
  const { joinToken } = context;
  expectProblem(
    await context.send({ endpoint: 'register', credential: joinToken, ...spoil(registration) }),
    code,
    `to register with ${what}`,
  );
  const resident = await context.resident();
  const heartbeat = JSON.stringify(resident.fullHeartbeat());
  expectProblem(
    await context.send({ endpoint: 'heartbeat', credential: resident.nodeToken, ...spoil(heartbeat) }),
    code,
    `to a heartbeat with ${what}`,
  );
}

/** The message with one more member, as it stands in the JSON: what `JSON.stringify` would not write. */
export function withMember(json: string, member: string): string {
  return `{${member},${json.slice(1)}`;
}
