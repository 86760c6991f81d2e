import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { type ListedChanges, listedNode } from '../../test/fixtures/listed-node.js';
import type { CommandRecord } from '../fleet/command-record.js';
import type { RolloutMember, SeenMember } from '../fleet-store/rollout-member.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { noMembers } from '../rollouts/wave-counts.js';
import { parseScope } from '../selector/parse-selector.js';
import { approvedNode, deviceStatus } from '../stores/suite/fleet/fleet-fixtures.js';
import { commandRecord, NOW_MS, progress } from '../stores/suite/fixtures.js';
import { describeReason } from './describe-reason.js';
import { type KnownCase, nodeReasons } from './node-reasons.js';
import type { KnownMembership } from './reasons-of-member.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
function agoMs(minutes: number): number {
  return NOW_MS - minutes * MINUTE_MS;
}

function caseOf(changes: ListedChanges & Partial<Pick<KnownCase, 'memberships' | 'commands'>> = {}): KnownCase {
  const { memberships = [], commands = [], record, status } = changes;
  return {
    listed: listedNode('till-7', changes),
    record: approvedNode('till-7', record),
    status,
    memberships,
    commands,
  };
}

function rolloutOf(changes: Partial<Rollout> = {}): Rollout {
  return {
    id: 'r',
    revision: 7,
    name: 'autumn',
    command: { kind: 'update', commit: 'abc' },
    selector: '',
    createdAtMs: agoMs(900),
    createdBy: 'operator:ada',
    role: 'operate',
    waves: [
      { size: { count: 1 }, gate: 'manual', soakMs: 0 },
      { size: { percent: 10 }, gate: 'auto', soakMs: HOUR_MS },
      { gate: 'auto', soakMs: 0 },
    ],
    limits: {
      maxInFlight: 2,
      perGroup: { label: 'site', max: 1 },
      failPercent: 10,
      failMin: 3,
      attempts: 1,
      commandDueMs: 24 * HOUR_MS,
      deferredDueMs: 48 * HOUR_MS,
    },
    isDynamic: false,
    needsApproval: false,
    state: 'running',
    waveIndex: 0,
    counts: [
      { ...noMembers, held: 1, running: 1 },
      { ...noMembers, held: 4 },
      { ...noMembers, held: 40 },
    ],
    ...changes,
  };
}

interface MemberChanges extends ListedChanges {
  rollout?: Partial<Rollout>;
  member?: Partial<RolloutMember>;
  /** The groups of those that have the command. */
  inFlight?: string[];
  heldBy?: KnownMembership['heldBy'];
}

function membership({ rollout, member, inFlight = [], heldBy, ...changes }: MemberChanges): KnownMembership {
  const seenOf = (parts: Partial<RolloutMember>): SeenMember => ({
    member: {
      nodeId: 'till-7',
      wave: 0,
      group: '',
      rank: '0',
      state: 'held',
      sinceMs: agoMs(30),
      offerCount: 0,
      failureCount: 0,
      isHolding: false,
      ...parts,
    },
    node: listedNode('till-7', changes),
    ...(heldBy && { heldBy: heldBy.id }),
  });
  return {
    rollout: rolloutOf(rollout),
    seen: seenOf(member ?? {}),
    inFlight: inFlight.map((group, index) => seenOf({ nodeId: `other-${index}`, state: 'running', group })),
    heldBy,
  };
}

const inWave2 = { member: { wave: 1 } };
const overSince = {
  waveOverAtMs: agoMs(180),
  counts: [{ ...noMembers, succeeded: 1 }, { ...noMembers, held: 4 }, noMembers],
};
const secondOver = {
  ...overSince,
  waveIndex: 1,
  counts: [noMembers, { ...noMembers, succeeded: 4 }, { ...noMembers, held: 9 }],
};

/** What is told of a member; the minutes since when, if that is known. */
const members: [what: string, MemberChanges, told: [sentence: string, minutes?: number][]][] = [
  [
    'a rollout that starts',
    { rollout: { state: 'starting', startedAtMs: agoMs(1) } },
    [['its members are being frozen', 1]],
  ],
  [
    'one that somebody has paused',
    { rollout: { state: 'paused', pause: { reason: 'operator', by: 'operator:bo', atMs: agoMs(5) } } },
    [['paused by operator:bo', 5]],
  ],
  [
    'one that is paused for failures',
    {
      rollout: {
        state: 'paused',
        pause: { reason: 'failures', by: 'system', atMs: agoMs(5) },
        counts: [{ ...noMembers, failed: 1 }, noMembers, noMembers],
      },
    },
    [['paused because 1 of 1 members of wave 1 that have ended failed', 5]],
  ],
  [
    'one whose window is closed',
    {
      rollout: {
        state: 'paused',
        pause: { reason: 'window', by: 'system', atMs: agoMs(60) },
        window: { cron: '0 2 * * *', zone: 'UTC', durationMs: HOUR_MS },
      },
    },
    [['paused until its window opens at 2027-01-16 02:00 UTC', 60]],
  ],
  [
    'one of a fleet that was restored, whose member waits for another wave, too',
    { ...inWave2, rollout: { state: 'paused', pause: { reason: 'recovered', by: 'cli:root', atMs: agoMs(2) } } },
    [
      ['paused because the fleet was restored from a backup', 2],
      ['held in wave 2: wave 1 goes on, with 1 held and 1 in flight'],
    ],
  ],
  ['a wave that is not open', inWave2, [['held in wave 2: wave 1 goes on, with 1 held and 1 in flight']]],
  [
    'a gate that nobody has opened',
    { ...inWave2, rollout: overSince },
    [['held in wave 2: wave 1 is over, and waits for approval', 180]],
  ],
  [
    'a soak',
    { member: { wave: 2 }, rollout: { ...secondOver, waveOverAtMs: agoMs(10) } },
    [['held in wave 3: wave 2 is over, and all must stay quiet until 2027-01-15 08:50 UTC', 10]],
  ],
  [
    'others that have the command',
    { inFlight: ['berlin', 'bonn'], labels: { site: 'ulm' } },
    [['held: 2 of 2 are in flight']],
  ],
  [
    'others of its site that have the command',
    { inFlight: ['berlin'], labels: { site: 'berlin' } },
    [['held: site berlin has 1 of 1 in flight']],
  ],
  [
    'others that have no site either',
    { inFlight: [''] },
    [['held: nodes without the label site have 1 of 1 in flight']],
  ],
  ['nothing', {}, [['held in wave 1: its turn comes, with 1 held in its wave', 30]]],
  [
    'nothing, after it has failed',
    { member: { reason: 'retry' } },
    [['held in wave 1 (it tries again after it failed): its turn comes, with 1 held in its wave', 30]],
  ],
  [
    'its own silence',
    { state: 'offline', quietSinceMs: agoMs(90), member: { state: 'deferred', reason: 'offline' } },
    [['deferred: it is not online; skipped if that lasts until 2027-01-17 07:30 UTC', 30]],
  ],
  [
    'another rollout',
    { heldBy: { id: 's', name: 'spring' }, member: { state: 'deferred', reason: 'other-rollout' } },
    [['deferred: rollout spring holds it; skipped if that lasts until 2027-01-17 07:30 UTC', 30]],
  ],
  [
    'an answer that did not come',
    { member: { state: 'deferred', reason: 'not-listed', waitUntilMs: NOW_MS + 5 * MINUTE_MS } },
    [
      [
        'deferred: it is online, and no answer has listed the command, next tried at 2027-01-15 08:05 UTC; ' +
          'skipped if that lasts until 2027-01-17 07:30 UTC',
        30,
      ],
    ],
  ],
  [
    'its return',
    { member: { state: 'deferred', reason: 'offline' } },
    [['held in wave 1: its turn comes, with 1 held in its wave', 30]],
  ],
  [
    'a scope that it has left',
    { rollout: { scope: parseScope('label.site=berlin') } },
    [['skipped: its labels have left the scope of the rollout']],
  ],
  [
    'its next heartbeat',
    { member: { state: 'offered', offerCount: 1 } },
    [['offered in wave 1: its next heartbeat gets the command', 30]],
  ],
  ['its second try', { member: { state: 'running', offerCount: 2 } }, [['running in wave 1, offer 2', 30]]],
  ['its end', { member: { state: 'succeeded' } }, [['succeeded', 30]]],
  ['its failure', { member: { state: 'failed', reason: 'refused' } }, [['failed: the device refused the command', 30]]],
];

describe('why a member is where it is', () => {
  test.each(members)('because of %s', (_what, changes, told) => {
    const { reasons } = nodeReasons(caseOf({ memberships: [membership(changes)] }), NOW_MS);
    expect(reasons.map((reason) => [describeReason(reason), reason.sinceMs])).toEqual(
      told.map(([sentence, minutes]) => [
        `Rollout autumn: ${sentence}`,
        minutes === undefined ? undefined : agoMs(minutes),
      ]),
    );
  });
});

const supervised = deviceStatus({ hostname: 'till-7', commit: 'abc' });

function withUpdate(device: object, updates: RuntimeStatus['updates'] = { mode: 'free' }): RuntimeStatus {
  if (supervised.supervisor.state !== 'available') throw new TypeError('This device has a Supervisor');
  const { supervisor } = supervised;
  return { ...supervised, updates, supervisor: { ...supervisor, device: { ...supervisor.device, ...device } } };
}

const listed: Partial<CommandRecord> = { listedAtMs: agoMs(3) };

const others: [what: string, Parameters<typeof caseOf>[0], told: [sentence: string, minutes?: number][]][] = [
  ['nothing', { status: supervised }, []],
  ['that it was never heard', { state: 'never-seen' }, [['It has sent no heartbeat yet']]],
  ['that it is late', { state: 'late', quietSinceMs: agoMs(3) }, [['It is late', 3]]],
  ['that it is offline', { state: 'offline', quietSinceMs: agoMs(300) }, [['It is offline', 300]]],
  [
    'that nobody has approved it',
    { state: 'pending', record: { approvedAtMs: undefined as never, registeredAtMs: agoMs(60) } },
    [['It waits for approval (code ABCD1234), and gets no commands until then', 60]],
  ],
  [
    'that it is revoked',
    { state: 'revoked', record: { revokedAtMs: agoMs(9) } },
    [['It is revoked, and gets no commands', 9]],
  ],
  [
    'a copied disk',
    { record: { cloneSuspectedAtMs: agoMs(8) } },
    [['Two devices may use its identity, and neither gets commands until one is chosen', 8]],
  ],
  [
    'its age',
    { record: { registrationKeyHash: undefined as never } },
    [['It is a legacy node, which gets no commands']],
  ],
  [
    'its Supervisor',
    { status: { ...supervised, supervisor: { state: 'unauthorized', reason: 'the key is wrong' } } },
    [['Its Supervisor is unauthorized: the key is wrong']],
  ],
  [
    'its gate',
    {
      status: withUpdate(
        { updatePending: true, updateDownloaded: true },
        { mode: 'gated', gate: 'closed', staged: 'def' },
      ),
    },
    [['Release def is downloaded, and waits behind its gate for the command update']],
  ],
  [
    'a gate that it cannot close',
    { status: withUpdate({}, { mode: 'gated', gate: 'unavailable', reason: 'no permission' }) },
    [['It cannot hold releases back: no permission']],
  ],
  [
    'the lock of another service',
    { status: withUpdate({ updatePending: true, updateFailed: true, updateDownloaded: true }) },
    [['A release is downloaded, and its Supervisor could not install it: a service may hold an update lock']],
  ],
  [
    'a failed update',
    { status: withUpdate({ updatePending: true, updateFailed: true }) },
    [['The last attempt of its Supervisor at an update failed, and it tries again']],
  ],
  ['a download', { status: withUpdate({ updatePending: true }) }, [['A release is being downloaded']]],
  [
    'an installation',
    { status: withUpdate({ updatePending: true, updateDownloaded: true }) },
    [['A release is being installed']],
  ],
  [
    'a command that it has not got',
    { commands: [commandRecord('c', { queuedAtMs: agoMs(1) })] },
    [['Command update waits for its next heartbeat', 1]],
  ],
  [
    'a command that it has got',
    { commands: [commandRecord('c', listed)] },
    [['Command update was sent to it, and it has not reported on it yet', 3]],
  ],
  [
    'a lock that somebody holds, and that it is offline since',
    {
      state: 'offline',
      quietSinceMs: agoMs(10),
      commands: [
        commandRecord('c', {
          ...listed,
          running: {
            ...progress('waiting-for-lock', agoMs(10)),
            reason: 'held by service main',
            phaseBeganAtMs: agoMs(40),
          },
        }),
      ],
    },
    [
      ['Command update is waiting-for-lock 7 %: held by service main', 40],
      ['It is offline', 10],
    ],
  ],
  [
    'no command that is over',
    { commands: [commandRecord('c', { result: { outcome: 'succeeded', receivedAtMs: agoMs(1) } })] },
    [],
  ],
];

describe('why a node is where it is', () => {
  test.each(others)('because of %s', (_what, changes, told) => {
    const { nodeId, reasons } = nodeReasons(caseOf(changes), NOW_MS);
    expect(nodeId).toBe('till-7');
    expect(reasons.map((reason) => [describeReason(reason), reason.sinceMs])).toEqual(
      told.map(([sentence, minutes]) => [sentence, minutes === undefined ? undefined : agoMs(minutes)]),
    );
  });
});
