import type {
  MemberReason,
  MemberState,
  PauseReason,
  Rollout,
  RolloutCommand,
  RolloutLimits,
  RolloutMember,
  RolloutPreview,
  RolloutState,
  RolloutWindow,
  WaveCounts,
} from '@serve.zone/baseos-cloudly-handlers';
import { commandKinds } from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import { commandWarning, requestEntries } from './command-schemas.js';
import { describes } from './describes.js';
import { actor, count, flag, instant, maybe, says, text, wholeNumber } from './parts.js';
import { scope } from './scope-schema.js';

export const rolloutState = describes<RolloutState>()(
  v.picklist(['draft', 'starting', 'running', 'paused', 'finished', 'stopped']),
);

export const pauseReason = describes<PauseReason>()(v.picklist(['operator', 'failures', 'window', 'recovered']));

export const memberState = describes<MemberState>()(
  v.picklist(['held', 'offered', 'running', 'deferred', 'succeeded', 'failed', 'unknown', 'skipped']),
);

export const memberReason = describes<MemberReason>()(
  v.picklist([
    'offline',
    'not-listed',
    'other-rollout',
    'clone-suspected',
    'node-forgotten',
    'out-of-scope',
    'other-release',
    'already',
    'offline-too-long',
    'left-out',
    'cancelled',
    'taken-over',
    'failed',
    'refused',
    'unsupported',
    'interrupted',
    'expired',
    'other-commit',
    'no-result',
    'withdrawn',
    'retry',
  ]),
);

/** The fleet judges what it says; here, it only has the right form. */
export const rolloutCommand = describes<RolloutCommand>()(
  v.strictObject({ kind: v.picklist(commandKinds), ...requestEntries }),
);

const waveSize = v.union([
  v.strictObject({ count: says(wholeNumber, 'How many of the nodes that are left.') }),
  v.strictObject({ percent: says(v.number(), 'How many percent of all members, rounded up.') }),
]);
const select = says(text, 'Only nodes that this selector matches, too; the last wave has none.');
const gate = says(v.picklist(['auto', 'manual']), '`manual`: somebody must open the gate behind the wave.');
const soakMs = says(wholeNumber, 'How long all is quiet after the wave is over.');

const wave = v.object({ select: maybe(select), size: maybe(waveSize), gate, soakMs });
export const newWave = v.strictObject({
  select: maybe(select),
  size: maybe(waveSize),
  gate: v.optional(gate),
  soakMs: v.optional(soakMs),
});

const perGroup = says(
  v.strictObject({ label: text, max: wholeNumber }),
  'How many nodes with each value of a label have the command at a time.',
);
const limitEntries = {
  maxInFlight: says(wholeNumber, 'How many members have the command at a time.'),
  failPercent: says(
    v.number(),
    'The rollout pauses when more of those that have ended have failed, of a wave or in all, ...',
  ),
  failMin: says(wholeNumber, '... and at least so many; in a wave with fewer members, the first one that fails.'),
  attempts: says(wholeNumber, 'How often a member may try.'),
  commandDueMs: says(wholeNumber, 'How long the command of a member is due once it is offered.'),
  deferredDueMs: says(wholeNumber, 'How long a deferred member is waited for.'),
};

const rolloutLimits = describes<RolloutLimits>()(v.object({ ...limitEntries, perGroup: maybe(perGroup) }));
export const newLimits = v.partial(v.strictObject({ ...limitEntries, perGroup }));
export const limitChanges = v.partial(
  v.strictObject({ ...limitEntries, perGroup: says(v.nullable(perGroup), '`null` removes it.') }),
);

export const rolloutWindow = describes<RolloutWindow>()(
  v.strictObject({
    cron: says(text, 'When it opens: minute, hour, day of the month, month, day of the week.'),
    zone: says(text, 'An IANA time zone, such as `Europe/Berlin`.'),
    durationMs: says(wholeNumber, 'How long it is open.'),
  }),
);

const waveCounts = describes<WaveCounts>()(
  v.object({
    held: count,
    offered: count,
    running: count,
    deferred: count,
    succeeded: count,
    failed: count,
    unknown: count,
    skipped: count,
  }),
);

const decided = v.object({ by: actor, atMs: instant });

export const rollout = describes<Rollout>()(
  v.object({
    id: text,
    revision: says(count, 'Counts every change of the rollout and of its members.'),
    name: text,
    command: rolloutCommand,
    selector: says(text, 'As it was typed.'),
    createdAtMs: instant,
    createdBy: actor,
    role: says(v.picklist(['operate', 'admin']), 'That of whoever created it.'),
    scope: maybe(says(scope, 'That of whoever created it: a node that leaves it is skipped.')),
    waves: v.array(wave),
    limits: rolloutLimits,
    window: maybe(rolloutWindow),
    isDynamic: says(flag, 'Nodes that match the selector later become members, too.'),
    needsApproval: says(flag, 'It begins only once another person has approved it.'),
    approval: maybe(decided),
    state: rolloutState,
    startToken: maybe(says(text, 'While it is `starting`: whose freezing of members counts.')),
    startedAtMs: maybe(instant),
    pause: maybe(v.object({ reason: pauseReason, by: actor, atMs: instant })),
    endedAtMs: maybe(instant),
    waveIndex: says(count, 'The wave that is open, from 0.'),
    waveOverAtMs: maybe(says(instant, 'When the open wave was over: its soak counts from then.')),
    gateOpened: maybe(says(decided, 'Who has opened the manual gate behind the open wave.')),
    counts: says(v.array(waveCounts), 'How many members of each wave are in each state.'),
  }),
);

export const rolloutMember = describes<RolloutMember>()(
  v.object({
    nodeId: text,
    wave: says(count, 'From 0.'),
    group: says(text, 'The value of the label that its group is by; empty if it has none.'),
    rank: says(text, 'Its place in its wave.'),
    state: memberState,
    reason: maybe(memberReason),
    sinceMs: says(instant, 'When it came into this state.'),
    waitUntilMs: maybe(says(instant, 'It is not looked at before.')),
    offerCount: says(count, 'How often it was offered the command.'),
    failureCount: says(count, 'How many attempts have failed.'),
    commandId: maybe(says(text, 'Of its last offer.')),
    isHolding: says(flag, 'No other rollout offers its node anything.'),
  }),
);

const previewedWave = v.object({
  memberCount: count,
  onlineCount: count,
  gate,
  soakMs: count,
  beginsAtMs: maybe(says(instant, 'When it would begin; absent if that cannot be predicted.')),
  overAtMs: maybe(says(instant, 'When each of its members would have ended, or be deferred.')),
});

const obstacle = v.object({
  code: v.union([commandWarning, v.picklist(['already', 'not-staged', 'other-release', 'other-rollout'])]),
  count: says(count, 'How many members.'),
  nodeIds: says(v.array(text), 'The first ones of them.'),
  lookedAt: maybe(says(count, 'Not every member was looked at, but so many.')),
});

export const rolloutPreview = describes<RolloutPreview>()(
  v.object({
    memberCount: count,
    offlineCount: says(count, 'How many are not online now.'),
    waves: v.array(previewedWave),
    obstacles: says(v.array(obstacle), 'What speaks against its success with some members.'),
    groups: maybe(
      v.object({
        label: text,
        max: count,
        groupCount: count,
        largerCount: says(count, 'How many groups have more members than may be in flight at a time.'),
        largest: v.array(v.object({ group: text, memberCount: count })),
      }),
    ),
    prediction: v.object({
      outcome: v.picklist(['ends', 'pauses', 'no-members', 'no-durations', 'too-long']),
      endsAtMs: maybe(instant),
      pausesAtMs: maybe(instant),
      followedUntilMs: maybe(instant),
      endedPercent: maybe(v.object({ succeeded: v.number(), failed: v.number(), skipped: v.number() })),
      basis: v.object({
        durations: says(
          v.object({ commandCount: count, medianMs: maybe(count), ninetiethMs: maybe(count) }),
          'How long such commands took in the last week.',
        ),
        endings: says(v.object({ endedCount: count, failedCount: count }), 'How such commands ended in the last week.'),
        presence: says(
          v.object({ nodeCount: count, hourCount: count }),
          'Of how many members the history says when they were online, and of how many hours.',
        ),
        modelCount: says(count, 'How many members the model has.'),
      }),
    }),
  }),
);
