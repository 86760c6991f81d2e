import { limits, type ProblemCode } from '@serve.zone/baseos-contracts';
import { describeAnswer, isObject } from '../exchange/answer.js';
import { expectAdmitted, expectProblem, expectTaken, expectThat, issuesOf } from '../rule/expectations.js';
import type { Rule, Section } from '../rule/rule.js';
import { expectRefused, type Spoil, withMember } from './both-endpoints.js';

function bodyOf(spoil: (json: string) => string | Uint8Array): Spoil {
  return (json) => ({ body: spoil(json) });
}

function member(text: string): Spoil {
  return bodyOf((json) => withMember(json, text));
}

const noJson: Record<string, Spoil> = {
  'an empty body': bodyOf(() => ''),
  'half a body': bodyOf((json) => json.slice(0, json.length / 2)),
  'a list': bodyOf((json) => `[${json}]`),
  null: bodyOf(() => 'null'),
  'a string': bodyOf((json) => JSON.stringify(json)),
  'a comma too many': bodyOf((json) => `${json.slice(0, -1)},}`),
  'a comment': bodyOf((json) => `/* a comment */${json}`),
  'NaN for a number': member('"note":NaN'),
  'a string of quotes that never ends': bodyOf(() => `"${String.raw`\"`.repeat(100_000)}`),
};

const noUtf8: Record<string, Spoil> = {
  'a byte that does not complete a character': bodyOf((json) => {
    const bytes = new TextEncoder().encode(withMember(json, '"note":"?"'));
    bytes[bytes.indexOf('?'.charCodeAt(0))] = 0xc3;
    return bytes;
  }),
  'a surrogate in UTF-8': bodyOf((json) => {
    const [before = '', after = ''] = withMember(json, '"note":"?"').split('?');
    return Buffer.concat([Buffer.from(before), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(after)]);
  }),
  'UTF-16': bodyOf((json) => Buffer.from(`\ufeff${json}`, 'utf16le')),
};

const unsafeText: Record<string, Spoil> = {
  'U+0000 in a string': member(String.raw`"note":"a\u0000b"`),
  'U+0000 in a string far inside': member(String.raw`"note":[{"deeper":["a\u0000b"]}]`),
  'U+0000 in a key': member(String.raw`"a\u0000b":1`),
  'a high surrogate alone': member(String.raw`"note":"\ud800"`),
  'a low surrogate alone': member(String.raw`"note":"\udc00 and more"`),
  'surrogates in the wrong order': member(String.raw`"note":"\udc00\ud800"`),
  'a lone surrogate in a key': member(String.raw`"\ud800":1`),
};

function lists(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function objects(depth: number): string {
  return '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
}

const tooDeep: Record<string, Spoil> = {
  'lists one deeper than the limit': member(`"note":${lists(limits.bodyMaxDepth)}`),
  'objects far deeper than the limit': member(`"note":${objects(10 * limits.bodyMaxDepth)}`),
  'lists absurdly deep': bodyOf(() => lists(50_000)),
  'objects absurdly deep': member(`"note":${objects(30_000)}`),
};

/** A member that cannot be read, by the place that the problem must name. */
const unreadableRegistration: [path: string, changes: object][] = [
  ['nodeId', { nodeId: undefined }],
  ['nodeId', { nodeId: 7 }],
  ['nodeId', { nodeId: '' }],
  ['nodeId', { nodeId: '../../etc/passwd' }],
  ['nodeId', { nodeId: `'); DROP TABLE node; --` }],
  ['nodeId', { nodeId: 'n'.repeat(129) }],
  ['registrationKey', { registrationKey: undefined }],
  ['registrationKey', { registrationKey: 'short' }],
  ['bootId', { bootId: 'not-a-uuid' }],
  ['status', { status: undefined }],
  ['status.agent', { status: {} }],
];

const unreadableHeartbeat: [path: string, changes: object][] = [
  ['nodeId', { nodeId: undefined }],
  ['bootId', { bootId: 7 }],
  ['sequence', { sequence: undefined }],
  ['sequence', { sequence: 0 }],
  ['sequence', { sequence: 1.5 }],
  ['sequence', { sequence: '1' }],
  ['statusHash', { statusHash: undefined }],
  ['statusHash', { statusHash: '' }],
  ['statusHash', { statusHash: 'h'.repeat(limits.statusHashMaxLength + 1) }],
  ['vitals', { vitals: undefined }],
  ['vitals.agentUptimeMs', { vitals: { agentRssBytes: 1, failedHeartbeats: 0 } }],
];

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

const CANARY = 'canary-5a1e';

function refusesEach(name: string, cites: Rule['cites'], rule: string, cases: Record<string, Spoil>): Rule {
  return {
    name,
    cites,
    rule,
    run: async (context: Parameters<typeof expectRefused>[0]) => {
      for (const [what, spoil] of Object.entries(cases)) await expectRefused(context, 'malformed-request', what, spoil);
    },
  };
}

export const malformedMessages: Section = {
  title: 'Messages that cannot be read',
  rules: [
    refusesEach('no-json', ['J-1'], 'a body that is not a JSON object is answered 400 malformed-request', noJson),
    refusesEach('no-utf-8', ['F-8'], 'a body that is not UTF-8 is answered 400 malformed-request', noUtf8),
    refusesEach(
      'unsafe-text',
      ['J-3'],
      'U+0000 and lone surrogates, in any string or key, are answered 400 malformed-request',
      unsafeText,
    ),
    refusesEach(
      'too-deep',
      ['J-2'],
      `nesting deeper than ${limits.bodyMaxDepth} is answered 400 malformed-request`,
      tooDeep,
    ),
    refusesEach(
      'string-too-long',
      ['J-5'],
      `a string longer than ${limits.stringMaxLength} is answered 400 malformed-request`,
      {
        'a string one longer than the limit': member(`"note":"${'x'.repeat(limits.stringMaxLength + 1)}"`),
        'a string of characters beyond U+FFFF': member(`"note":"${'\u{1f9ca}'.repeat(limits.stringMaxLength + 1)}"`),
      },
    ),
    refusesEach('key-proto', ['J-4'], 'a key __proto__ is answered 400 malformed-request', {
      'a key __proto__': member('"__proto__":{"accepted":true}'),
      'a key __proto__ far inside': member('"note":[{"__proto__":{"accepted":true}}]'),
    }),
    {
      name: 'at-the-limits',
      cites: ['J-2', 'J-5'],
      rule: `nesting of ${limits.bodyMaxDepth} and strings of ${limits.stringMaxLength} pass`,
      run: async ({ resident, send }) => {
        const { nodeToken, heartbeat } = await resident();
        const notes = {
          nesting: lists(limits.bodyMaxDepth - 1),
          'a string': `"${'x'.repeat(limits.stringMaxLength)}"`,
          'a string of characters beyond U+FFFF': `"${'\u{1f9ca}'.repeat(limits.stringMaxLength)}"`,
        };
        for (const [what, note] of Object.entries(notes)) {
          const body = withMember(JSON.stringify(heartbeat()), `"note":${note}`);
          expectTaken(await send({ endpoint: 'heartbeat', credential: nodeToken, body }), `with ${what}`);
        }
      },
    },
    {
      name: 'key-named-twice',
      cites: ['J-6'],
      rule: 'if a key occurs twice in an object, the last one counts, or the message is answered 400 malformed-request',
      run: async ({ resident, send }) => {
        const { nodeToken, heartbeat } = await resident();
        const say = (body: string) => send({ endpoint: 'heartbeat', credential: nodeToken, body });
        const spoiltLast = `${JSON.stringify(heartbeat()).slice(0, -1)},"sequence":0}`;
        expectProblem(await say(spoiltLast), 'malformed-request', 'to a good sequence and a bad one after it');
        const answer = await say(withMember(JSON.stringify(heartbeat()), '"sequence":0'));
        if (answer.status !== 200)
          expectProblem(answer, 'malformed-request', 'to a bad sequence and a good one after it');
      },
    },
    {
      name: 'number-forms',
      cites: ['J-7'],
      rule: 'a whole number counts by its value, not by how it is written, and 2^53 - 1 is the largest',
      run: async ({ enrol, send }) => {
        const { nodeToken, heartbeat } = await enrol();
        const written = (sequence: string) => {
          const body = JSON.stringify(heartbeat()).replace(/"sequence":\d+/, `"sequence":${sequence}`);
          return send({ endpoint: 'heartbeat', credential: nodeToken, body });
        };
        for (const sequence of ['10.0', '1.1e1', '120E-1', '9007199254740991']) {
          expectTaken(await written(sequence), `to a sequence of ${sequence}`);
        }
        for (const sequence of ['9007199254740992', '1e400']) {
          expectProblem(await written(sequence), 'malformed-request', `to a sequence of ${sequence}`);
        }
      },
    },
    {
      name: 'unknown-keys-pass',
      cites: ['J-11', 'J-12'],
      rule: 'keys and words of a newer node pass, including those with a meaning in JavaScript',
      run: async ({ newNode, register, heartbeat, joinToken }) => {
        const node = newNode();
        const newer = {
          constructor: { name: 'x' },
          prototype: 1,
          toString: 'x',
          hasOwnProperty: null,
          newerMember: [],
        };
        const { status: known } = node.registration();
        const status = {
          ...known,
          ...newer,
          host: { ...known.host, ...newer },
          supervisor: { state: 'of-a-newer-node', ...newer },
          acceptedCommands: ['of-a-newer-node'],
        };
        const registration = { ...node.registration(), ...newer, status };
        const nodeToken = expectAdmitted(await register(registration, joinToken), 201, 'to a registration');
        const message = { ...node.fullHeartbeat(), ...newer, status };
        expectTaken(await heartbeat(message, nodeToken), 'to a heartbeat');
      },
    },
    {
      name: 'issues-name-the-place',
      cites: ['J-10', 'J-15'],
      rule: 'a problem document of a malformed request names each place in `issues`, with the rule that it breaks',
      run: async ({ newNode, register, resident, heartbeat, joinToken }) => {
        const expectPlace = (answer: Awaited<ReturnType<typeof register>>, path: string, endpoint: string): void => {
          expectProblem(answer, 'malformed-request', `to a ${endpoint} with an unreadable ${path}`);
          const named = issuesOf(answer).find((issue) => issue['path'] === path);
          const isNamed = typeof named?.['rule'] === 'string' && named['rule'] !== '';
          expectThat(
            isNamed,
            `an issue with path "${path}" and a rule`,
            `${issuesOf(answer).length} issues, none of them that`,
          );
        };
        for (const [path, changes] of unreadableRegistration) {
          expectPlace(await register(newNode().registration(changes), joinToken), path, 'registration');
        }
        const node = await resident();
        for (const [path, changes] of unreadableHeartbeat) {
          expectPlace(await heartbeat(node.heartbeat(changes), node.nodeToken), path, 'heartbeat');
        }
      },
    },
    {
      name: 'issues-without-values',
      cites: ['J-16'],
      rule: 'no problem document repeats a value that was received, or a key that the sender chose',
      run: async ({ newNode, register, resident, heartbeat, joinToken }) => {
        const expectSilence = ({ text = '' }: Awaited<ReturnType<typeof register>>, where: string): void =>
          expectThat(!text.includes(CANARY), `nothing of the received ${where}`, 'a document that repeats it');
        const { status: known } = newNode().registration();
        const registrations: [where: string, changes: object][] = [
          ['protocol', { protocol: CANARY }],
          ['nodeId', { nodeId: `${CANARY}/..` }],
          ['registrationKey', { registrationKey: CANARY }],
          ['bootId', { bootId: CANARY }],
          ['status', { status: CANARY }],
          ['status.host.cpuCount', { status: { ...known, host: { ...known.host, cpuCount: CANARY } } }],
          ['string with U+0000', { note: `${CANARY}\u0000` }],
          ['key of the sender', { [CANARY]: ['a\u0000b'] }],
        ];
        for (const [where, changes] of registrations) {
          expectSilence(await register(newNode().registration(changes), joinToken), where);
        }
        const node = await resident();
        for (const where of ['nodeId', 'bootId', 'sequence', 'vitals', 'status', 'commandResults']) {
          expectSilence(await heartbeat(node.heartbeat({ [where]: CANARY }), node.nodeToken), where);
        }
        expectSilence(await heartbeat(node.heartbeat({ statusHash: CANARY.repeat(10) }), node.nodeToken), 'statusHash');
        expectSilence(await register(newNode().registration(), CANARY), 'join token');
        expectSilence(await heartbeat(node.heartbeat(), CANARY), 'node token');
      },
    },
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
  ],
};
