import { describe, expect, test } from 'vitest';

import {
  apps,
  device,
  newCommit,
  oldCommit,
  refusedRestart,
  situation,
  state,
  terseApps,
  unreachable,
  update,
} from '../../test/gate-recordings.js';
import type { GateRecord } from '../../test/gate-recordings.js';
import type { Verdict } from '../recordings/verdict.js';
import { checkGate } from './check-gate.js';
import type { GateSituation } from './gate-situation.js';
import { playScript } from './play-script.js';
import { courseOf } from './recorded-course.js';
import type { Script } from './scripts.js';
import { parseGate } from './read-gate.js';

const old = ['main old Running', 'agent old Running'];
const fresh = ['main new Running', 'agent new Running'];
const oldImages = ['main old', 'agent old'];
const newImages = ['main new', 'agent new'];

/** A release that a lock holds. */
const staged = [
  device(0, '', 'Idle', oldCommit),
  state(0, 'applied', old, oldImages, oldCommit),
  update(0.01),
  apps(0.02, 'downloading', 'Downloading', 0),
  device(0.4, 'PD', 'Idle'),
  apps(0.4, 'downloaded', 'Downloaded'),
  device(0.8, 'PFD', 'Idle'),
  state(0.8, 'applying', old, [...oldImages, ...newImages], oldCommit),
] as const;

function installed(fromSeconds: number): Parameters<typeof situation>[1][] {
  const at = (seconds: number): number => fromSeconds + seconds;
  return [
    device(at(0.5), 'PFD', 'Stopping'),
    state(at(0.9), 'applying', [], [...oldImages, ...newImages], oldCommit),
    state(at(3.5), 'applying', fresh, newImages, oldCommit),
    state(at(4.5), 'applying', fresh, newImages, newCommit),
    device(at(5.7), '', 'Idle', newCommit),
  ];
}

function read(records: readonly GateRecord[]): GateSituation {
  const [recorded] = parseGate(JSON.stringify(records), 'test');
  if (recorded === undefined) throw new Error('There is no situation.');
  return recorded;
}

function check(records: readonly GateRecord[]): Promise<Verdict> {
  return checkGate(read(records));
}

const opened = situation(
  'Supervisor 19.0.5: locked by agent, lock removed and cancelled',
  ...staged,
  update(9, { force: false, cancel: true }),
  ...installed(9),
);

describe('a situation matches', () => {
  test.each<[what: string, records: readonly GateRecord[]]>([
    ['an opened lock', opened],
    ['a title that says nothing', opened.map((each) => Object.assign({}, each, { situation: 'Supervisor 19.0.5: x' }))],
    [
      'a lock that was released without a cancel, after the back-off',
      situation('Supervisor 19.0.5: x', ...staged, update(9, {}), ...installed(16)),
    ],
    [
      'a restart of the Supervisor behind the lock',
      situation(
        'Supervisor 19.0.5: x',
        ...staged,
        unreachable(5),
        device(6, '', 'Idle'),
        device(6.2, 'PF', 'Idle'),
        apps(6.2, 'downloaded', 'Downloaded'),
      ),
    ],
    [
      'a call that the lock refuses',
      situation(
        'Supervisor 19.0.5: x',
        ...staged,
        refusedRestart(2, 'Lockfile exists for { appId: 1234567, service: agent }'),
        device(3, 'PFD', 'Idle'),
      ),
    ],
  ])('of %s', async (_what, records) => {
    expect(await check(records)).toMatchObject({ matched: true });
  });

  test('of an older Supervisor, in which any request ends the back-off', async () => {
    const older = situation(
      'Supervisor 16.12.9: x',
      ...staged.filter(({ path }) => path !== '/v2/applications/state'),
      terseApps(0.9, 'Downloaded'),
      update(9, {}),
      ...installed(9),
    );
    expect(await check(older)).toMatchObject({ matched: true });
  });
});

describe('played by a script, a situation does not match', () => {
  const script: Script = {
    staged: 'nothing',
    change: 'images',
    lockedBy: 'agent',
    opensBefore: staged.length,
    strategy: undefined,
    death: 'kill',
    locksWhileAway: false,
  };

  test.each<[what: string, records: readonly GateRecord[], by?: Partial<Script>]>([
    ['with other flags', changed(opened, -5, device(9.5, 'P', 'Stopping'))],
    [
      'whose release changes too early',
      changed(opened, -4, state(9.9, 'applying', [], [...oldImages, ...newImages], newCommit)),
    ],
    [
      'in which a container keeps its ID',
      [...opened, ...situation(opened[0]?.situation ?? '', state(15, 'applied', old, newImages, newCommit))],
    ],
    ['in another order', [...opened.slice(0, -5), ...opened.slice(-5).toReversed().map(later)]],
    ['whose lock stays', opened, { opensBefore: undefined }],
    [
      'in which a request without a cancel ends the back-off',
      situation('Supervisor 19.0.5: x', ...staged, update(9, {}), ...installed(9)),
    ],
    [
      'in which a lock is told in other words',
      situation('Supervisor 19.0.5: x', ...staged, refusedRestart(2, 'Updates are locked')),
    ],
    ['in which an older Supervisor tells an update status', situation('Supervisor 16.12.9: x', ...staged)],
  ])('%s', async (_what, records, by = {}) => {
    const recorded = read(records);
    const { reached, why } = await playScript(recorded, courseOf(recorded), { ...script, ...by });
    expect(why).toBeDefined();
    expect(reached).toBeLessThan(records.length);
  });
});

test('what no script gives is told by the one that comes closest', async () => {
  const records = situation('Supervisor 19.0.5: main hand-over', ...staged.slice(0, 5), device(0.8, 'PF', 'Idle'));
  expect(await check(records)).toMatchObject({
    matched: false,
    why: expect.stringMatching(/^5 of 6 answers; then at 0.8 s: /),
  });
});

/** The records with one of them, counted from the end, replaced. */
function changed(records: readonly GateRecord[], index: number, by: Parameters<typeof situation>[1]): GateRecord[] {
  return records.with(index, { situation: records[0]?.situation ?? '', ...by });
}

function later(record: GateRecord, index: number): GateRecord {
  return { ...record, atSeconds: 10 + index };
}
