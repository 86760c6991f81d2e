import { limits } from '@serve.zone/baseos-contracts';
import { expectProblem, expectTaken } from '../../rule/expectations.js';
import type { OutgoingRequest } from '../../exchange/conversation.js';
import type { Rule } from '../../rule/rule.js';

/** By which tokens a heartbeat is accepted. */
export const credentials: readonly Rule[] = [
  {
    name: 'no-node-token',
    cites: ['T-1', 'K-5'],
    rule: 'a heartbeat without a token, or with one that is not a node token, is answered 401 node-token-unknown',
    run: async ({ resident, heartbeat: beat, joinToken }) => {
      const node = await resident();
      expectProblem(await beat(node.heartbeat()), 'node-token-unknown', 'without a token');
      expectProblem(await beat(node.heartbeat(), 'nonsense'), 'node-token-unknown', 'to nonsense');
      expectProblem(await beat(node.heartbeat(), joinToken), 'node-token-unknown', 'to a join token');
    },
  },
  {
    name: 'token-of-another-node',
    cites: ['H-11', 'H-1'],
    rule: "another node's token is answered 401 node-token-unknown, and neither node is affected",
    run: async ({ enrol, heartbeat: beat }) => {
      const [one, other] = [await enrol(), await enrol()];
      expectProblem(await beat(one.heartbeat(), other.nodeToken), 'node-token-unknown');
      const malformed = one.heartbeat({ bootId: 7 });
      expectProblem(await beat(malformed, other.nodeToken), 'malformed-request', 'to a message that is wrong');
      for (const node of [one, other]) expectTaken(await beat(node.heartbeat(), node.nodeToken), 'to each after that');
    },
  },
  {
    name: 'token-before-body',
    cites: ['H-2', 'H-1'],
    rule: 'the token is checked before the body: without a valid one, Cloudly does not wait for the body or read it',
    run: async ({ send }) => {
      const bodies: Record<string, Omit<OutgoingRequest, 'endpoint'>> = {
        'a body that never comes': { body: '{"protocol":1}', framing: 'withheld' },
        'no JSON': { body: 'nonsense' },
        'too large a body': { body: ' '.repeat(limits.bodyMaxBytes + 1) },
        'another type': { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
        'another protocol': { body: '{"protocol":2}' },
      };
      for (const [what, request] of Object.entries(bodies)) {
        const answer = await send({ endpoint: 'heartbeat', credential: 'nonsense', ...request });
        expectProblem(answer, 'node-token-unknown', `with ${what}`);
      }
    },
  },
];
