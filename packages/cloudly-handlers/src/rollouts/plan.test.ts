import { describe, expect, test } from 'vitest';
import {
  fleetNode,
  heardAt,
  offeredMember,
  rolloutRecord,
  runningMember,
  seenMember,
  viewOf,
} from '../../test/rollouts/rollout-records.js';
import type { CommandRecord } from '../fleet/command-record.js';
import type { SeenMember } from '../fleet-store/rollout-member.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { scopeOf } from '../stores/suite/fleet/fleet-fixtures.js';
import { NOW_MS } from '../stores/suite/fixtures.js';
import { givingUp, leavingOutFailed, resuming, retryingFailed, settingLimits, stopping } from './alterations.js';
import type { Plan } from './draft.js';
import { type Alteration, plan } from './plan.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const { limits } = rolloutRecord();

/** What becomes of one member, as `state` or `state(reason)`; nothing if it stays as it is. */
function fateOf(seen: SeenMember, changes: Partial<Rollout> = {}, afterMs = 0): string | undefined {
  return fatesOf(plan(viewOf([seen], changes), NOW_MS + afterMs))[seen.member.nodeId];
}

function fatesOf({ members }: Plan): Record<string, string> {
  return Object.fromEntries(
    members.map(({ nodeId, state, reason }) => [nodeId, reason === undefined ? state : `${state}(${reason})`]),
  );
}

function kindsOf({ events }: Plan): string[] {
  return events.map(({ kind }) => kind).filter((kind) => kind !== 'rollout-member-moved');
}

function result(outcome: string, changes: Partial<NonNullable<CommandRecord['result']>> = {}): Partial<CommandRecord> {
  return { result: { outcome, receivedAtMs: NOW_MS, ...changes } };
}

function withError(code: string): Partial<NonNullable<CommandRecord['result']>> {
  return { error: { code, message: 'it says why' } };
}

describe('a member that is held', () => {
  const quiet = (state: 'late' | 'offline' | 'never-seen' | 'pending' | 'revoked') =>
    seenMember('a', {}, { node: fleetNode('a', { state }) });

  test.each([
    ['is offered the command', seenMember('a'), 'offered'],
    ['is deferred while its node is late', quiet('late'), 'deferred(offline)'],
    ['is deferred while its node is offline', quiet('offline'), 'deferred(offline)'],
    ['is deferred until its node is heard for the first time', quiet('never-seen'), 'deferred(offline)'],
    ['is deferred while its node waits for approval', quiet('pending'), 'deferred(offline)'],
    [
      'is deferred while another rollout holds the node',
      seenMember('a', {}, { heldBy: 'other' }),
      'deferred(other-rollout)',
    ],
    ['is skipped once its node is forgotten', forgotten(seenMember('a')), 'skipped(node-forgotten)'],
  ])('%s', (_what, seen, fate) => {
    expect(fateOf(seen)).toBe(fate);
  });

  test('is deferred while two devices may use the identity of its node', () => {
    const { facts } = fleetNode('a');
    const node = fleetNode('a', { facts: { ...facts, isCloneSuspected: true } });
    expect(fateOf(seenMember('a', {}, { node }))).toBe('deferred(clone-suspected)');
  });

  test('is skipped if it is a legacy node, which gets no commands', () => {
    const { facts } = fleetNode('a');
    const node = fleetNode('a', { facts: { ...facts, isLegacy: true } });
    expect(fateOf(seenMember('a', {}, { node }))).toBe('skipped(unsupported)');
  });

  test('is skipped once its node has left the scope of whoever created the rollout', () => {
    const scope = scopeOf('shop', 'a');
    const inside = seenMember('a', {}, { node: fleetNode('a', { labels: { shop: 'a' } }) });
    expect([fateOf(inside, { scope }), fateOf(seenMember('a'), { scope })]).toEqual([
      'offered',
      'skipped(out-of-scope)',
    ]);
  });

  test.each([
    ['skipped(already)', 'new', 'idle'],
    ['offered', 'new', 'installing'],
    ['offered', 'old', 'idle'],
  ] as const)('is %s if its node runs %s and is %s', (fate, commit, updateState) => {
    const { facts } = fleetNode('a');
    expect(fateOf(seenMember('a', {}, { node: fleetNode('a', { facts: { ...facts, commit, updateState } }) }))).toBe(
      fate,
    );
  });

  test('holds its node from the first offer on', () => {
    const [member] = plan(viewOf([seenMember('a')]), NOW_MS).members;
    expect(member).toMatchObject({ isHolding: true, offerCount: 1, sinceMs: NOW_MS });
  });
});

describe('a member that is offered the command', () => {
  test.each([
    ['waits for an answer that lists it', offeredMember('a'), 0, undefined],
    ['waits for a quarter of an hour', offeredMember('a'), 15 * MINUTE_MS - 1, undefined],
    ['is deferred when no answer has listed it by then', offeredMember('a'), 15 * MINUTE_MS, 'deferred(not-listed)'],
    ['runs once an answer has listed it', offeredMember('a', { listedAtMs: NOW_MS }), 0, 'running'],
    ['is deferred when its node is quiet', quietOffer(), 0, 'deferred(offline)'],
    [
      'is deferred when nobody was asked in time',
      offeredMember('a', { endedAtMs: NOW_MS }),
      HOUR_MS,
      'deferred(not-listed)',
    ],
    ['is skipped when somebody cancels it', offeredMember('a', { cancelledAtMs: NOW_MS }), 0, 'skipped(cancelled)'],
    ['is skipped when its node is forgotten', forgotten(offeredMember('a')), 0, 'skipped(node-forgotten)'],
  ])('%s', (_what, seen, afterMs, fate) => {
    expect(fateOf(seen, {}, afterMs)).toBe(fate);
  });

  test('is skipped once it has not taken it for as long as a node is waited for that is away', () => {
    const offers = (offerCount: number): SeenMember => {
      const seen = offeredMember('a');
      return { ...seen, member: { ...seen.member, offerCount } };
    };
    const fateAfter = (offerCount: number) => fateOf(offers(offerCount), {}, 15 * MINUTE_MS);
    const days = limits.deferredDueMs / DAY_MS;
    expect([fateAfter(48 * days), fateAfter(48 * days + 1)]).toEqual([
      'deferred(not-listed)',
      'skipped(offline-too-long)',
    ]);
  });

  test('waits for two intervals of a node that is seldom heard', () => {
    const seen = { ...offeredMember('a'), lastHeartbeat: heardAt(NOW_MS, { expectedByMs: NOW_MS + 2 * HOUR_MS }) };
    const dueLong: Partial<CommandRecord> = { expiresAtMs: NOW_MS + DAY_MS };
    const longer = { ...seen, command: { ...(seen.command as CommandRecord), ...dueLong } };
    expect(fateOf(longer, {}, 2 * HOUR_MS - 1)).toBeUndefined();
    expect(fateOf(longer, {}, 2 * HOUR_MS)).toBe('deferred(not-listed)');
  });

  test('loses it, so that no later answer lists it, and is not asked again for a quarter of an hour', () => {
    const planned = plan(viewOf([offeredMember('a')]), NOW_MS + 15 * MINUTE_MS);
    expect(planned.withdrawn).toEqual([{ nodeId: 'a', commandId: 'command of a' }]);
    expect(planned.members).toMatchObject([{ waitUntilMs: NOW_MS + 30 * MINUTE_MS, isHolding: true }]);
  });
});

describe('a member that runs', () => {
  test.each([
    ['succeeded', result('succeeded')],
    ['succeeded', result('succeeded', { details: { commit: 'new' } })],
    ['failed(other-commit)', result('succeeded', { details: { commit: 'newer' } })],
    ['failed(failed)', result('failed')],
    ['failed(refused)', result('refused', withError('busy'))],
    ['skipped(other-release)', result('refused', withError('other-release'))],
    ['failed(unsupported)', result('unsupported')],
    ['failed(interrupted)', result('interrupted')],
    ['failed(expired)', result('expired')],
    ['unknown', result('pondered')],
  ])('has %s by the result %j', (fate, command) => {
    expect(fateOf(runningMember('a', command))).toBe(fate);
  });

  test('is unknown once the time for its result is up', () => {
    expect(fateOf(runningMember('a'), {}, 2 * HOUR_MS - 1)).toBeUndefined();
    expect(fateOf(runningMember('a'), {}, 2 * HOUR_MS)).toBe('unknown(no-result)');
  });

  test('goes on when its node is quiet', () => {
    expect(fateOf({ ...runningMember('a'), node: fleetNode('a', { state: 'offline' }) })).toBeUndefined();
  });

  test.each([
    ['failed(failed)', 0, { attempts: 1 }],
    ['held(retry)', 0, { attempts: 2 }],
    ['failed(failed)', 1, { attempts: 2 }],
  ])('is %s after %i failures with %j', (fate, failureCount, changed) => {
    const seen = runningMember('a', result('failed'), { failureCount });
    // Nothing else is offered in the same plan, because the member is read as one that runs.
    const planned = plan(
      viewOf([seen], { limits: { ...limits, ...changed, maxInFlight: 1 }, state: 'paused' }),
      NOW_MS,
    );
    expect(fatesOf(planned)['a']).toBe(fate);
    expect(planned.members).toMatchObject([{ failureCount: failureCount + 1 }]);
  });

  test('ends the hold on its node when it ends', () => {
    expect(plan(viewOf([runningMember('a', result('succeeded'))]), NOW_MS).members).toMatchObject([
      { isHolding: false },
    ]);
  });
});

describe('a command that was listed and cancelled', () => {
  const cancelled = { cancelledAtMs: NOW_MS };
  const withdrawn = { reason: 'withdrawn' } as const;
  const paused: Partial<Rollout> = { state: 'paused', pause: { reason: 'failures', by: 'system', atMs: NOW_MS } };

  test.each([
    ['stays in flight until a heartbeat two intervals later', heardAt(NOW_MS + 2 * MINUTE_MS - 1), undefined],
    ['has not begun if that does not name it', heardAt(NOW_MS + 2 * MINUTE_MS), 'held(withdrawn)'],
    [
      'stays in flight while a heartbeat names it',
      heardAt(NOW_MS + 2 * MINUTE_MS, { runningCommand: { id: 'command of a', phase: 'installing' } }),
      undefined,
    ],
  ])('%s', (_what, lastHeartbeat, fate) => {
    expect(fateOf({ ...runningMember('a', cancelled, withdrawn), lastHeartbeat }, paused)).toBe(fate);
  });

  test('counts by its result, if it has begun after all', () => {
    expect(fateOf(runningMember('a', { ...cancelled, ...result('failed') }, withdrawn), paused)).toBe('failed(failed)');
  });

  test('is not offered again if it was cancelled by hand', () => {
    const seen = { ...runningMember('a', cancelled), lastHeartbeat: heardAt(NOW_MS + 2 * MINUTE_MS) };
    expect(fateOf(seen)).toBe('skipped(cancelled)');
  });
});

describe('a member that is deferred', () => {
  test('is offered the command once it is back, whichever wave is open', () => {
    const waves: Rollout['waves'] = [
      { size: { count: 1 }, gate: 'auto', soakMs: 0 },
      { gate: 'auto', soakMs: 0 },
    ];
    const deferred = seenMember('a', { state: 'deferred', reason: 'offline' });
    const later = seenMember('b', { wave: 1 });
    const planned = plan(
      viewOf([later, deferred], { waves, waveIndex: 1, limits: { ...limits, maxInFlight: 1 } }),
      NOW_MS,
    );
    expect(fatesOf(planned)).toEqual({ a: 'offered' });
  });

  test('is not offered the command before it is to be asked again', () => {
    const waiting = seenMember('a', { state: 'deferred', reason: 'not-listed', waitUntilMs: NOW_MS + 1 });
    expect([fateOf(waiting), fateOf(waiting, {}, 1)]).toEqual([undefined, 'offered']);
  });

  test('is skipped once it is no longer waited for, unless it is back', () => {
    const node = fleetNode('a', { state: 'offline' });
    const gone = seenMember('a', { state: 'deferred', reason: 'offline' }, { node });
    expect(fateOf(gone, {}, limits.deferredDueMs)).toBeUndefined();
    expect(fateOf(gone, {}, limits.deferredDueMs + 1)).toBe('skipped(offline-too-long)');
    expect(fateOf(seenMember('a', { state: 'deferred' }), {}, limits.deferredDueMs + 1)).toBe('offered');
  });
});

describe('a member that is unknown', () => {
  test('counts by a result that arrives late', () => {
    const seen = runningMember('a', result('succeeded'), { state: 'unknown', reason: 'no-result', isHolding: false });
    const { rollout } = plan(viewOf([seen], { state: 'stopped' }), NOW_MS);
    expect(fateOf(seen, { state: 'stopped' })).toBe('succeeded');
    expect(rollout.counts).toMatchObject([{ unknown: 0, succeeded: 1 }]);
  });

  test('is looked at no longer, if nobody understands that result', () => {
    const seen = runningMember('a', result('pondered'), { state: 'unknown', reason: 'no-result', isHolding: false });
    const planned = plan(viewOf([seen], { state: 'stopped' }), NOW_MS);
    expect(fatesOf(planned)).toEqual({ a: 'unknown' });
    expect(planned.events).toEqual([]);
  });
});

describe('limits', () => {
  const inGroup = (nodeId: string, site: string, changes = {}) =>
    seenMember(nodeId, { group: site, ...changes }, { node: fleetNode(nodeId, { labels: { site } }) });

  test('let so many members have the command at a time, the first by rank', () => {
    const planned = plan(viewOf([seenMember('c'), seenMember('b'), seenMember('a'), runningMember('z')]), NOW_MS);
    expect(fatesOf(planned)).toEqual({ a: 'offered' });
  });

  test('let so many of a group have it, and others in their place', () => {
    const perGroup = { label: 'site', max: 1 };
    const members = [inGroup('a', 'berlin'), inGroup('b', 'berlin'), inGroup('c', 'paris'), seenMember('d')];
    const planned = plan(viewOf(members, { limits: { ...limits, maxInFlight: 9, perGroup } }), NOW_MS);
    expect(fatesOf(planned)).toEqual({ a: 'offered', c: 'offered', d: 'offered' });
  });

  test('count a node in the group that it is in by now', () => {
    const perGroup = { label: 'site', max: 1 };
    const moved = seenMember('b', { group: 'paris' }, { node: fleetNode('b', { labels: { site: 'berlin' } }) });
    const planned = plan(viewOf([inGroup('a', 'berlin'), moved], { limits: { ...limits, perGroup } }), NOW_MS);
    expect(fatesOf(planned)).toEqual({ a: 'offered', b: 'held' });
    expect(planned.members).toMatchObject([{ nodeId: 'a' }, { nodeId: 'b', group: 'berlin' }]);
  });

  test('that are lowered take nothing back, and nothing is offered until there is room', () => {
    const lowered = settingLimits({ limits: { ...limits, maxInFlight: 1 } });
    const planned = plan(viewOf([runningMember('a'), runningMember('b'), seenMember('c')]), NOW_MS, lowered);
    expect(fatesOf(planned)).toEqual({});
  });
});

describe('failures', () => {
  const ended = (count: number, state: 'succeeded' | 'failed' | 'unknown') =>
    Array.from({ length: count }, (_, index) => seenMember(`${state}-${index}`, { state }));

  test.each([
    ['two of three', [...ended(1, 'succeeded'), ...ended(2, 'failed')], 'running'],
    ['three of thirty', [...ended(27, 'succeeded'), ...ended(3, 'failed')], 'running'],
    ['three of 29', [...ended(26, 'succeeded'), ...ended(3, 'failed')], 'paused'],
    ['two that failed and one without a result', [...ended(2, 'failed'), ...ended(1, 'unknown')], 'paused'],
  ])('%s: it is %s', (_what, members, state) => {
    const { rollout } = plan(viewOf([...members, runningMember('z')]), NOW_MS);
    expect(rollout.state).toBe(state);
  });

  test('the first one of a small wave is one too many', () => {
    const waves: Rollout['waves'] = [
      { size: { count: 1 }, gate: 'auto', soakMs: 0 },
      { gate: 'auto', soakMs: 0 },
    ];
    const members = [
      runningMember('a', result('failed')),
      ...'bcdef'.split('').map((id) => seenMember(id, { wave: 1 })),
    ];
    const planned = plan(viewOf(members, { waves }), NOW_MS);
    expect(planned.rollout.pause).toEqual({ reason: 'failures', by: 'system', atMs: NOW_MS });
  });

  test('take everything back at once: what was not listed is withdrawn, what was is cancelled and stays in flight', () => {
    const members = [
      runningMember('a', result('failed')),
      runningMember('b', result('failed')),
      runningMember('c', result('failed')),
      runningMember('d'),
      offeredMember('e'),
      seenMember('f'),
    ];
    const planned = plan(viewOf(members), NOW_MS);
    expect(fatesOf(planned)).toMatchObject({ d: 'running(withdrawn)', e: 'held(withdrawn)' });
    expect(planned.withdrawn).toEqual([{ nodeId: 'e', commandId: 'command of e' }]);
    expect(planned.cancelled).toEqual([{ nodeId: 'd', commandId: 'command of d' }]);
    expect(planned.offered).toEqual([]);
    expect(planned.isUnsettled).toBe(true);
  });

  test.each([
    ['pause it again, if it is resumed with them', [resuming()], 'paused'],
    ['are tried again from the beginning', [retryingFailed(), resuming()], 'running'],
    ['can be left out', [leavingOutFailed(), resuming()], 'running'],
    ['can be allowed', [settingLimits({ limits: { ...limits, failPercent: 100 } }), resuming()], 'running'],
  ])('%s', (_what, alterations: Alteration[], state) => {
    const pause = { reason: 'failures', by: 'system', atMs: NOW_MS } as const;
    const view = viewOf([...ended(3, 'failed'), seenMember('a')], { state: 'paused', pause });
    const planned = plan(view, NOW_MS, (draft, read) => alterations.forEach((alter) => alter(draft, read)));
    expect(planned.rollout.state).toBe(state);
  });
});

describe('waves', () => {
  const waves = (changes: Partial<Rollout['waves'][number]> = {}): Rollout['waves'] => [
    { size: { count: 1 }, gate: 'auto', soakMs: 0, ...changes },
    { gate: 'auto', soakMs: 0 },
  ];
  const later = seenMember('later', { wave: 1 });
  const done = seenMember('done', { state: 'succeeded' });

  test('a later one is offered nothing before its turn', () => {
    expect(fatesOf(plan(viewOf([runningMember('a'), later], { waves: waves() }), NOW_MS))).toEqual({});
  });

  test('the next one begins once the one before it is over', () => {
    const planned = plan(viewOf([done, later], { waves: waves() }), NOW_MS);
    expect(kindsOf(planned)).toEqual(['rollout-wave-over', 'rollout-wave-begun']);
    expect(fatesOf(planned)).toEqual({ later: 'offered' });
  });

  test('deferred members keep none open', () => {
    const { rollout } = plan(
      viewOf([seenMember('a', { state: 'deferred', waitUntilMs: NOW_MS + 1 }), later], { waves: waves() }),
      NOW_MS,
    );
    expect(rollout.waveIndex).toBe(1);
  });

  test('the next one begins after the soak', () => {
    const soaking = viewOf([done, later], { waves: waves({ soakMs: HOUR_MS }), waveOverAtMs: NOW_MS });
    expect(plan(soaking, NOW_MS + HOUR_MS - 1).hasChanged).toBe(false);
    expect(plan(soaking, NOW_MS + HOUR_MS).rollout.waveIndex).toBe(1);
  });

  test('the next one begins after somebody has opened the gate', () => {
    const closed = { waves: waves({ gate: 'manual' }), waveOverAtMs: NOW_MS } as const;
    expect(plan(viewOf([done, later], closed), NOW_MS + DAY_MS).hasChanged).toBe(false);
    const gateOpened = { by: 'operator:ada', atMs: NOW_MS } as const;
    const { rollout } = plan(viewOf([done, later], { ...closed, gateOpened }), NOW_MS);
    expect(rollout).toMatchObject({ waveIndex: 1 });
    expect(rollout).not.toHaveProperty('gateOpened');
  });

  test('one without members is passed at once, with its soak and its gate', () => {
    const planned = plan(viewOf([later], { waves: waves({ gate: 'manual', soakMs: HOUR_MS }) }), NOW_MS);
    expect(planned.rollout.waveIndex).toBe(1);
  });

  test('the rollout is finished behind the last one, once every member has ended', () => {
    const one = { waves: [{ gate: 'auto', soakMs: 0 }] } as const;
    const open = plan(viewOf([done, seenMember('a', { state: 'deferred', waitUntilMs: NOW_MS + 1 })], one), NOW_MS);
    expect(open.rollout).toMatchObject({ state: 'running', waveOverAtMs: NOW_MS });
    const planned = plan(viewOf([done], one), NOW_MS);
    expect(kindsOf(planned)).toEqual(['rollout-wave-over', 'rollout-finished']);
    expect(planned).toMatchObject({ isUnsettled: false, isReleased: true, rollout: { endedAtMs: NOW_MS } });
  });
});

describe('a window', () => {
  const window = { cron: '0 2 * * *', zone: 'UTC', durationMs: HOUR_MS };
  const morningMs = Date.UTC(2027, 0, 15, 8, 5);
  const nightMs = Date.UTC(2027, 0, 15, 2, 30);

  test('that closes pauses the rollout: what was listed goes on', () => {
    const planned = plan(viewOf([runningMember('a'), offeredMember('b')], { window }), morningMs);
    expect(planned.rollout.pause?.reason).toBe('window');
    expect(planned.cancelled).toEqual([]);
    expect(planned.isUnsettled).toBe(true);
  });

  test('that opens lets it go on by itself', () => {
    const pause = { reason: 'window', by: 'system', atMs: NOW_MS } as const;
    const planned = plan(viewOf([seenMember('a')], { window, state: 'paused', pause }), nightMs);
    expect(kindsOf(planned)).toEqual(['rollout-resumed']);
    expect(planned.rollout).not.toHaveProperty('pause');
  });

  test('resumes nothing that somebody has paused', () => {
    const pause = { reason: 'operator', by: 'operator:ada', atMs: NOW_MS } as const;
    expect(plan(viewOf([seenMember('a')], { window, state: 'paused', pause }), nightMs).hasChanged).toBe(false);
  });
});

describe('a rollout that is stopped', () => {
  test('takes everything back, follows what was listed, and leaves the others untouched', () => {
    const planned = plan(viewOf([runningMember('a'), offeredMember('b'), seenMember('c')]), NOW_MS, stopping());
    expect(fatesOf(planned)).toEqual({ a: 'running(withdrawn)', b: 'held(withdrawn)' });
    expect(planned).toMatchObject({ isUnsettled: true, isReleased: true, rollout: { state: 'stopped' } });
  });

  test('tries nothing again, and is settled with the last command', () => {
    const seen = runningMember('a', result('failed'), { reason: 'withdrawn' });
    const planned = plan(viewOf([seen], { state: 'stopped', limits: { ...limits, attempts: 3 } }), NOW_MS);
    expect(fatesOf(planned)).toEqual({ a: 'failed(failed)' });
    expect(planned.isUnsettled).toBe(false);
  });
});

describe('a node that another rollout takes over', () => {
  test.each([
    ['is given up while it is held', seenMember('a'), 'skipped(taken-over)'],
    ['is given up while it is offered the command, which is withdrawn', offeredMember('a'), 'skipped(taken-over)'],
    ['is kept while it runs', runningMember('a'), undefined],
  ])('%s', (_what, seen, fate) => {
    const paused = { state: 'paused', pause: { reason: 'operator', by: 'operator:ada', atMs: NOW_MS } } as const;
    const planned = plan(viewOf([seen], paused), NOW_MS, givingUp('a'));
    expect(fatesOf(planned)['a']).toBe(fate);
    expect(planned.withdrawn).toHaveLength(seen.member.state === 'offered' ? 1 : 0);
  });
});

test('a plan that changes nothing is not kept', () => {
  expect(
    plan(viewOf([runningMember('a'), seenMember('b')], { limits: { ...limits, maxInFlight: 1 } }), NOW_MS),
  ).toMatchObject({
    hasChanged: false,
    members: [],
    events: [],
  });
});

function forgotten({ member }: SeenMember): SeenMember {
  return { member };
}

function quietOffer(): SeenMember {
  return { ...offeredMember('a'), node: fleetNode('a', { state: 'late' }) };
}
