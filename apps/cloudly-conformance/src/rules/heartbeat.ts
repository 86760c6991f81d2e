import { randomUUID } from 'node:crypto';
import { limits } from '@serve.zone/baseos-contracts';
import heartbeatExample from '@serve.zone/baseos-contracts/examples/heartbeat-request.json' with { type: 'json' };
import { describeAnswer } from '../exchange/answer.js';
import { commandsIn } from '../exchange/commands-in.js';
import { expectAdmitted, expectProblem, expectTaken, expectThat } from '../rule/expectations.js';
import { Mismatch } from '../exchange/mismatch.js';
import type { OutgoingRequest } from '../exchange/conversation.js';
import type { Rule, RuleContext, Section } from '../rule/rule.js';

/** The minimum number of previous processes that are remembered. */
const SUPERSEDED_BOOTS = 8;

/** A heartbeat with one unusable part, which must not affect the rest. */
function takes(name: string, cites: Rule['cites'], rule: string, cases: Record<string, object>): Rule {
  return {
    name,
    cites,
    rule,
    run: async ({ resident, heartbeat }) => {
      const node = await resident();
      for (const [what, changes] of Object.entries(cases)) {
        expectTaken(await heartbeat(node.fullHeartbeat(changes), node.nodeToken), `with ${what}`);
      }
    },
  };
}

function result(changes: object = {}): object {
  return {
    id: randomUUID(),
    outcome: 'succeeded',
    durationMs: 1,
    ...changes,
  };
}

function reading(changes: object): object {
  return { vitals: { ...heartbeatExample.vitals, ...changes } };
}

function strangeStatus(): object {
  return {
    agent: { name: 'baserunner', version: '0.1.0' },
    runtime: { name: 'node', version: '24.21.0' },
    host: { platform: 'linux', arch: 'arm64' },
    device: {},
    supervisor: {
      state: 'available',
      version: '19.0.5',
      device: {
        ipAddresses: [7, '192.0.2.17', null],
        macAddresses: [{}],
        updatePending: false,
        updateFailed: false,
        updateDownloaded: false,
      },
      apps: ['no app', { appId: 1, services: [null, { name: 'till', status: 'Running' }] }],
    },
    acceptedCommands: [7, 'blink', ''],
  };
}

export const heartbeat: Section = {
  title: 'Heartbeat',
  rules: [
    {
      name: 'first-heartbeat',
      cites: ['H-3', 'F-1'],
      rule: 'the heartbeat that follows a registration is answered 200 with accepted: true',
      run: async ({ admit, heartbeat: beat }) => {
        const node = await admit();
        const answer = await beat(node.fullHeartbeat(), node.nodeToken);
        expectThat(expectTaken(answer)['accepted'] === true, 'accepted: true', 'something else');
      },
    },
    {
      name: 'minimal-heartbeat',
      cites: ['H-4'],
      rule: 'the smallest heartbeat is accepted, also after a rejected one: no status, no results, three vitals',
      run: async ({ enrol, heartbeat: beat }) => {
        const node = await enrol();
        const vitals = { agentUptimeMs: 1, agentRssBytes: 1, failedHeartbeats: 1 };
        expectTaken(await beat(node.heartbeat({ vitals }), node.nodeToken));
        expectProblem(await beat(node.heartbeat({ vitals: {} }), node.nodeToken), 'malformed-request');
        expectTaken(await beat(node.heartbeat({ vitals }), node.nodeToken), 'after one that was refused');
      },
    },
    takes('unusable-reading', ['J-14'], 'a reading out of its bounds counts as absent', {
      'a load below zero': reading({ load1: -1 }),
      'a percentage of 400': reading({ downloadProgressPercent: 400 }),
      'a text for a temperature': reading({ cpuTemperatureCelsius: 'hot' }),
      'half a byte of storage': reading({ storageFreeBytes: 0.5 }),
      'a running command without an ID': { runningCommand: { phase: 'asked' } },
    }),
    takes('poison-item', ['J-13', 'J-12'], 'a bad item of a list is dropped alone', {
      'results that are none, among good ones': { commandResults: [7, null, result(), { id: 'x' }, result({ id: 7 })] },
      'results of an unknown outcome': { commandResults: [result({ outcome: 'of-a-newer-node' })] },
      'a status with bad items in each list': { status: strangeStatus() },
    }),
    takes('unknown-results', ['D-9', 'J-13'], 'results for commands that Cloudly never gave are dropped', {
      'results for unknown commands': { commandResults: [result(), result({ outcome: 'failed' })] },
      'as many as one heartbeat carries': {
        commandResults: Array.from({ length: limits.commandResultsMax }, () => result()),
      },
    }),
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
        for (const node of [one, other])
          expectTaken(await beat(node.heartbeat(), node.nodeToken), 'to each after that');
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
    {
      name: 'no-status-yet',
      cites: ['H-10', 'R-12'],
      rule: 'a node is asked for its status if Cloudly does not have it under the given hash: sendFullStatus: true',
      run: async ({ admit, heartbeat: beat }) => {
        const node = await admit();
        const answer = await beat(node.heartbeat(), node.nodeToken);
        expectAsked(answer, true, 'to a first heartbeat without a status');
      },
    },
    {
      name: 'status-known-by-hash',
      cites: ['H-10'],
      rule: 'a node that has sent its status is not asked again until it gives another hash',
      run: async ({ enrol, heartbeat: beat }) => {
        const node = await enrol();
        const says = (changes: object) => beat(node.heartbeat(changes), node.nodeToken);
        const { status } = node.registration();
        expectAsked(await says({ statusHash: 'one' }), true, 'to a hash that is new');
        expectAsked(await says({ statusHash: 'one' }), true, 'as long as the status does not come');
        expectAsked(await says({ statusHash: 'one', status }), false, 'with the status');
        expectAsked(await says({ statusHash: 'one' }), false, 'to the hash of that status');
        expectAsked(await says({ statusHash: 'two' }), true, 'to another hash');
      },
    },
    {
      name: 'status-of-another-process',
      cites: ['H-10'],
      rule: 'a restarted node is asked for its status, with any hash',
      run: async ({ enrol, heartbeat: beat }) => {
        const node = await enrol();
        node.restart();
        expectAsked(await beat(node.heartbeat(), node.nodeToken), true, 'to the hash of the process of before');
      },
    },
    {
      name: 'status-of-registration',
      cites: ['R-12', 'H-10'],
      rule: 'the status in a registration has no hash, and does not replace another one of its process',
      run: async ({ enrol, register, heartbeat: beat }) => {
        const node = await enrol();
        expectAdmitted(await register(node.registration()), 200);
        expectAsked(await beat(node.heartbeat(), node.nodeToken), false, 'to the hash of the status from a heartbeat');
        node.restart();
        expectAdmitted(await register(node.registration()), 200, 'after a restart');
        expectAsked(await beat(node.heartbeat(), node.nodeToken), true, 'to the hash of the process of before');
      },
    },
    {
      name: 'late-registration',
      cites: ['R-12', 'H-5'],
      rule: 'a registration by a superseded process is answered 200, but does not make it the running one, and its status does not count',
      run: async ({ enrol, register, heartbeat: beat }) => {
        const node = await enrol();
        const late = node.registration();
        node.restart();
        expectTaken(await beat(node.fullHeartbeat(), node.nodeToken), 'to the process that took over');
        expectAdmitted(await register(late), 200, 'to the key, from the process of before');
        expectAsked(await beat(node.heartbeat(), node.nodeToken), false, 'to the process that took over');
        const another = node.heartbeat({ statusHash: 'another' });
        expectAsked(await beat(another, node.nodeToken), true, 'to its next status, as it still runs');
      },
    },
    {
      name: 'registration-takes-over',
      cites: ['R-12', 'H-5', 'H-7'],
      rule: 'a registration by a new process makes it the running one: the previous one no longer gets commands',
      needs: ['queueCommand'],
      run: async (context) => {
        const node = await context.enrol();
        const bootId = node.bootId();
        await context.ask('queueCommand', { nodeId: node.nodeId, kind: 'blink' });
        node.restart();
        expectAdmitted(await context.register(node.registration()), 200);
        const before = await context.heartbeat(node.heartbeat({ bootId, sequence: 1000 }), node.nodeToken);
        const lateCount = commandsIn(expectTaken(before, 'to the previous process')).length;
        expectThat(lateCount === 0, 'no commands for the previous process', `${lateCount}`);
        const count = commandsIn(expectTaken(await context.heartbeat(node.heartbeat(), node.nodeToken))).length;
        expectThat(count === 1, 'the command for the process that registered', `${count} commands`);
      },
    },
    {
      name: 'opaque-hash',
      cites: ['H-9'],
      rule: `statusHash is any text of ${limits.statusHashMaxLength} characters at most, compared without change`,
      run: async ({ enrol, heartbeat: beat }) => {
        const node = await enrol();
        const says = (changes: object) => beat(node.heartbeat(changes), node.nodeToken);
        const { status } = node.registration();
        for (const statusHash of ['x', 'aB'.repeat(32), `'); -- "{} \u00fc\u{1f9ca}`]) {
          expectAsked(await says({ statusHash, status }), false, 'with the status');
          expectAsked(await says({ statusHash }), false, 'to the same hash');
        }
        expectAsked(await says({ statusHash: 'Ab', status }), false, 'with the status');
        expectAsked(await says({ statusHash: 'aB' }), true, 'to the hash in other letters');
        expectAsked(await says({ statusHash: 'A' }), true, 'to the beginning of the hash');
      },
    },
    {
      name: 'late-sequence',
      cites: ['H-6'],
      rule: 'a repeated or older sequence is answered 200 and overwrites nothing',
      run: async (context) => {
        const node = await context.enrol();
        const { status } = node.registration();
        const says = (sequence: number, changes: object) =>
          context.heartbeat(node.heartbeat({ sequence, ...changes }), node.nodeToken);
        expectTaken(await says(10, { statusHash: 'newest', status }), 'to sequence 10');
        expectTaken(await says(10, { statusHash: 'repeated', status }), 'to sequence 10 again');
        expectTaken(await says(5, { statusHash: 'late', status }), 'to sequence 5 after it');
        expectKept(await says(11, { statusHash: 'newest' }));
      },
    },
    {
      name: 'late-boot',
      cites: ['H-6', 'H-5', 'C-2'],
      rule: 'a late heartbeat of an earlier process is answered 200, overwrites nothing, and does not make the node suspected',
      run: async (context) => {
        const node = await context.enrol();
        const { status } = node.registration();
        const before = node.heartbeat({ sequence: 99, statusHash: 'late', status });
        node.restart();
        const says = (changes: object) => context.heartbeat(node.heartbeat(changes), node.nodeToken);
        expectTaken(await says({ statusHash: 'newest', status }), 'to the process that runs');
        const late = expectTaken(await context.heartbeat(before, node.nodeToken), 'to the previous process');
        const next = await says({ statusHash: 'newest' });
        expectKept(next);
        const isSuspected = late['cloneSuspected'] === true || next.json['cloneSuspected'] === true;
        expectThat(!isSuspected, 'no cloneSuspected after one late request', 'cloneSuspected: true');
        expectAsked(await says({ statusHash: 'another' }), true, 'to the process that still runs');
      },
    },
    {
      name: 'late-boots-remembered',
      cites: ['H-5'],
      rule: `an earlier process is still recognised after ${SUPERSEDED_BOOTS} others`,
      run: async (context) => {
        const node = await context.enrol();
        const { status } = node.registration();
        const late = node.heartbeat({ statusHash: 'late', status });
        const says = (changes: object) => context.heartbeat(node.heartbeat(changes), node.nodeToken);
        for (let count = 1; count <= SUPERSEDED_BOOTS; count += 1) {
          node.restart();
          expectTaken(await says({ statusHash: 'newest', status }), `to process ${count} after it`);
        }
        expectTaken(await context.heartbeat(late, node.nodeToken), 'to the previous process');
        expectAsked(await says({ statusHash: 'another' }), true, 'to the process that still runs');
      },
    },
    {
      name: 'late-gets-nothing',
      cites: ['H-7', 'T-5'],
      rule: 'the answer to a late heartbeat has neither commands nor a token; the next one that is not late has them',
      needs: ['rotate', 'queueCommand'],
      run: async (context) => {
        const node = await context.enrol();
        const { nodeId, nodeToken } = node;
        await context.ask('rotate', { nodeId });
        await context.ask('queueCommand', { nodeId, kind: 'blink' });
        const late = expectTaken(await context.heartbeat(node.heartbeat({ sequence: 1 }), nodeToken), 'to a late one');
        expectThat(late['nextNodeToken'] === undefined, 'no nextNodeToken for a late heartbeat', 'one');
        expectThat(commandsIn(late).length === 0, 'no commands for a late heartbeat', `${commandsIn(late).length}`);
        const next = expectTaken(await context.heartbeat(node.heartbeat(), nodeToken), 'to the next one');
        expectThat(typeof next['nextNodeToken'] === 'string', 'a nextNodeToken for the next one', 'none');
        expectThat(commandsIn(next).length === 1, 'one command for the next one', `${commandsIn(next).length}`);
      },
    },
  ],
};

function expectAsked(answer: Awaited<ReturnType<RuleContext['heartbeat']>>, isAsked: boolean, when: string): void {
  const { sendFullStatus } = expectTaken(answer, when);
  if ((sendFullStatus === true) === isAsked) return;
  throw new Mismatch(
    `${isAsked ? 'sendFullStatus: true' : 'no sendFullStatus'} ${when}`,
    `${describeAnswer(answer)} ${isAsked ? 'without it' : 'with sendFullStatus: true'}`,
  );
}

/** An overwritten status would show: Cloudly would ask for the previous one. */
function expectKept(answer: Awaited<ReturnType<RuleContext['heartbeat']>>): void {
  const { sendFullStatus } = expectTaken(answer, 'to the newest');
  expectThat(sendFullStatus !== true, 'the newest status to be kept', 'sendFullStatus: true, as if it were not');
}
