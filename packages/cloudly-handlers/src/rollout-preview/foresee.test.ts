import { describe, expect, test } from 'vitest';
import type { Rollout } from '../fleet-store/rollout.js';
import { defaultLimits } from '../rollouts/defaults.js';
import { memberOf } from '../rollouts/start-rollout.js';
import { listedNode } from '../../test/fixtures/listed-node.js';
import { NOW_MS } from '../stores/suite/fixtures.js';
import { foresee } from './foresee.js';
import type { ModelNode } from './model-node.js';
import type { ModelMember } from './model-store.js';
import type { PresenceWeek } from './presence-week.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function draftOf(changes: Partial<Rollout> = {}): Rollout {
  return {
    id: '6b1f6a52-0f0e-4c56-9a7f-1f0c7e0d4a10',
    revision: 1,
    name: 'autumn',
    command: { kind: 'update', commit: 'abc' },
    selector: '',
    createdAtMs: NOW_MS,
    createdBy: 'operator:ada',
    role: 'operate',
    waves: [{ gate: 'auto', soakMs: 0 }],
    limits: { ...defaultLimits(100), maxInFlight: 2 },
    isDynamic: false,
    needsApproval: false,
    state: 'draft',
    waveIndex: 0,
    counts: [],
    ...changes,
  };
}

interface Changes extends Partial<Omit<ModelNode, 'node'>> {
  wave?: number;
  group?: string;
  isOffline?: true;
}

/** Members by rank, whose nodes need five minutes for a command. */
function membersOf(...each: Changes[]): ModelMember[] {
  return each.map(({ wave = 0, group = '', isOffline, ...changes }, index) => {
    const nodeId = `n-${String(index).padStart(4, '0')}`;
    const node = listedNode(nodeId, { state: isOffline ? 'offline' : 'online' });
    return {
      member: memberOf({ nodeId, group, rank: nodeId }, wave, NOW_MS),
      model: { node, answer: 'succeeds', durationMs: 5 * MINUTE_MS, ...changes },
    };
  });
}

function many(count: number, changes: Changes = {}): Changes[] {
  return Array.from({ length: count }, () => changes);
}

function week(isHeard: (hour: number) => boolean): PresenceWeek {
  const startMs = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS - 7 * DAY_MS;
  return { startMs, hours: Array.from({ length: 168 }, (_none, hour) => isHeard(hour)) };
}

/** In how many minutes. */
async function minutes(draft: Rollout, members: readonly ModelMember[]) {
  const { outcome, atMs, counts, waves } = await foresee({ draft, members, nowMs: NOW_MS });
  const inMinutes = (instant: number | undefined): number => Math.round(((instant ?? NaN) - NOW_MS) / MINUTE_MS);
  return {
    outcome,
    inMinutes: inMinutes(atMs),
    counts,
    waves: waves.map(({ beginsAtMs, overAtMs }) => [inMinutes(beginsAtMs), inMinutes(overAtMs)]),
  };
}

describe('a rollout that is foreseen', () => {
  test('takes as long as its members, so many at a time', async () => {
    const foreseen = await minutes(draftOf(), membersOf(...many(10)));
    expect(foreseen).toMatchObject({ outcome: 'ends', counts: { succeeded: 10 } });
    // Five times five minutes, and half a minute until each node has its command.
    expect(foreseen.inMinutes).toBe(28);
  });

  test('waits between its waves, and opens their gates', async () => {
    const waves: Rollout['waves'] = [
      { size: { count: 1 }, gate: 'manual', soakMs: 0 },
      { size: { count: 2 }, gate: 'auto', soakMs: HOUR_MS },
      { gate: 'auto', soakMs: 0 },
    ];
    const members = membersOf({}, { wave: 1 }, { wave: 1 }, { wave: 2 });
    const foreseen = await minutes(draftOf({ waves }), members);
    expect(foreseen).toMatchObject({ outcome: 'ends', counts: { succeeded: 4 } });
    expect(foreseen.waves).toEqual([
      [0, 6],
      [6, 11],
      [71, 77],
    ]);
  });

  test('lets no more of a group at it than it may', async () => {
    const limits = { ...defaultLimits(100), maxInFlight: 10, perGroup: { label: 'site', max: 1 } };
    const members = membersOf(...many(4, { group: 'berlin' }), ...many(2, { group: 'bonn' }));
    // Groups are those of the labels.
    for (const { member, model } of members) model.node = { ...model.node, labels: { site: member.group } };
    expect((await minutes(draftOf({ limits }), members)).inMinutes).toBe(22);
  });

  test('waits for its window', async () => {
    const window = { cron: '0 2 * * *', zone: 'UTC', durationMs: HOUR_MS };
    const foreseen = await minutes(draftOf({ window }), membersOf({}));
    // It is eight o'clock.
    expect(foreseen.inMinutes).toBe(18 * 60 + 6);
  });

  test('waits for nodes that are back at the hour at which they were on last week', async () => {
    const evenings = week((hour) => hour % 24 === 12);
    const foreseen = await minutes(draftOf(), membersOf({}, { isOffline: true, week: evenings }));
    // The first hour of that week began at eight o'clock.
    expect(foreseen).toMatchObject({ outcome: 'ends', counts: { succeeded: 2 }, inMinutes: 12 * 60 + 6 });
    expect(foreseen.waves).toEqual([[0, 6]]);
  });

  test('skips those that are never back', async () => {
    const foreseen = await minutes(draftOf(), membersOf({}, { isOffline: true }));
    expect(foreseen).toMatchObject({ outcome: 'ends', counts: { succeeded: 1, skipped: 1 } });
    expect(foreseen.inMinutes).toBe(7 * 24 * 60);
  });

  test('pauses where nodes refuse', async () => {
    const foreseen = await minutes(draftOf(), membersOf(...many(5), ...many(5, { answer: 'refuses' })));
    expect(foreseen).toMatchObject({ outcome: 'pauses', counts: { failed: 3 } });
  });

  test('passes over those with another release', async () => {
    const foreseen = await minutes(draftOf(), membersOf({ answer: 'has-other-release' }, {}));
    expect(foreseen).toMatchObject({ outcome: 'ends', counts: { succeeded: 1, skipped: 1 } });
  });

  test('is followed for half a year at most', async () => {
    const window = { cron: '0 2 29 2 *', zone: 'UTC', durationMs: HOUR_MS };
    const foreseen = await minutes(draftOf({ window }), membersOf({}));
    expect(foreseen).toMatchObject({ outcome: 'too-long', inMinutes: 180 * 24 * 60 });
  });

  test('gives way to others meanwhile', async () => {
    let restCount = 0;
    const rest = async () => void (restCount += 1);
    await foresee({ draft: draftOf(), members: membersOf(...many(100)), nowMs: NOW_MS, rest });
    expect(restCount).toBeGreaterThan(5);
  });
});
