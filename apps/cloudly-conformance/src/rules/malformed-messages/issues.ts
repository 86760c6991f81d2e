import { limits } from '@serve.zone/baseos-contracts';
import { expectProblem, expectThat, issuesOf } from '../../rule/expectations.js';
import type { Rule } from '../../rule/rule.js';

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

const CANARY = 'canary-5a1e';

/** What a problem document says of a malformed message. */
export const issues: readonly Rule[] = [
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
];
