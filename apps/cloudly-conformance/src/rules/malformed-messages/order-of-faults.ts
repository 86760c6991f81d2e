import { limits, type ProblemCode } from '@serve.zone/baseos-contracts';
import { describeAnswer, isObject } from '../../exchange/answer.js';
import { expectProblem, expectThat } from '../../rule/expectations.js';
import { expectRefused, type Spoil, withMember } from '../../rule/both-endpoints.js';
import type { Rule } from '../../rule/rule.js';
import { bodyOf } from './spoil-body.js';

function withProtocol2(json: string): string {
  return json.replace('"protocol":1', '"protocol":2');
}

function withoutBoot(json: string): string {
  return json.replace(/"bootId":"[^"]*",/, '');
}

function withLargeStatus(json: string): string {
  return json.replace('"status":{', `"status":{"padding":[${'"xxxxxxx",'.repeat(limits.statusMaxBytes / 10)}""],`);
}

function withUnsafeText(json: string): string {
  return withMember(json, String.raw`"note":"\u0000"`);
}

function withLongString(json: string): string {
  return withMember(json, `"note":"${'x'.repeat(limits.stringMaxLength + 1)}"`);
}

/** Messages with two faults, and the one that must be reported. */
const twoFaults: [code: ProblemCode, what: string, spoil: Spoil][] = [
  [
    'unsupported-media-type',
    'another type and too large a body',
    (json) => ({ body: json.padEnd(limits.bodyMaxBytes + 1), headers: { 'content-type': 'text/plain' } }),
  ],
  ['payload-too-large', 'too large a body that is not JSON', bodyOf(() => 'x'.repeat(limits.bodyMaxBytes + 1))],
  ['malformed-request', 'unsafe text and another protocol', bodyOf((json) => withUnsafeText(withProtocol2(json)))],
  [
    'unsupported-protocol',
    'another protocol and too large a status',
    bodyOf((json) => withProtocol2(withLargeStatus(json))),
  ],
  [
    'unsupported-protocol',
    'another protocol and too long a string',
    bodyOf((json) => withProtocol2(withLongString(json))),
  ],
  ['payload-too-large', 'too large a status and no boot ID', bodyOf((json) => withoutBoot(withLargeStatus(json)))],
];

/** Which of several faults is answered. */
export const orderOfFaults: readonly Rule[] = [
  {
    name: 'order-of-faults',
    cites: ['R-1', 'H-1'],
    rule: 'if a message has several faults, the answer is about the one that is checked first',
    run: async (context) => {
      for (const [code, what, spoil] of twoFaults) await expectRefused(context, code, what, spoil);
    },
  },
  {
    name: 'other-protocol',
    cites: ['J-8'],
    rule: 'another protocol is answered 422 unsupported-protocol with the supported one, whatever else the message contains',
    run: async ({ newNode, register, resident, heartbeat, joinToken }) => {
      const expectUnsupported = (answer: Awaited<ReturnType<typeof register>>, when: string): void => {
        expectProblem(answer, 'unsupported-protocol', when);
        const { supported } = answer.json;
        const isTold = Array.isArray(supported) && supported.includes(1);
        expectThat(isTold, '`supported` with 1 in it', isObject(supported) ? 'an object' : describeAnswer(answer));
      };
      const node = await resident();
      for (const protocol of [2, 1000]) {
        const when = `with protocol ${protocol}`;
        expectUnsupported(await register(newNode().registration({ protocol }), joinToken), when);
        expectUnsupported(await register({ protocol }, joinToken), `${when} alone`);
        expectUnsupported(await heartbeat(node.heartbeat({ protocol }), node.nodeToken), when);
        expectUnsupported(await heartbeat({ protocol }, node.nodeToken), `${when} alone`);
      }
    },
  },
];
