import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reading } from './read-sample.js';
import {
  nextUpdateWait,
  progressOf,
  type Observation,
  type UpdateOutcome,
  type UpdateWait,
  type UpdateWaitOptions,
} from './update-wait.js';

const options: UpdateWaitOptions = {
  commit: undefined,
  patienceMs: 30_000,
  unreachableMs: 120_000,
  whileLocked: 'return',
};
const unreachable: Observation = { kind: 'unreachable' };

function read(reading: Reading): Observation {
  return { kind: 'read', reading };
}

function idle(current = 'old') {
  return read({ kind: 'idle', current, target: current });
}

function moving(kind: 'preparing' | 'downloaded' | 'installing') {
  return read({ kind, current: 'old', target: 'new' });
}

function downloading(downloadProgressPercent: number) {
  return read({ kind: 'downloading', current: 'old', target: 'new', downloadProgressPercent });
}

const locked = read({ kind: 'locked', current: 'old', target: 'new' });
const notApplied = read({ kind: 'not-applied', current: 'old', target: 'new' });

function failing(failure: 'download' | 'installation') {
  return read({ kind: 'failing', failure, current: 'old', target: 'new' });
}

/** Observes each at its second, and gives the second at which the wait ended, and how. */
function watch(observations: [second: number, Observation][], given: Partial<UpdateWaitOptions> = {}) {
  let wait: UpdateWait = {};
  for (const [second, observation] of observations) {
    const step = nextUpdateWait(wait, observation, second * 1000, { ...options, ...given });
    if (step.outcome !== undefined) return { second, ...step.outcome };
    wait = step.wait;
  }
  return undefined;
}

describe('each observation, seen for the first time, for the second time soon, and for as long as patience lasts', () => {
  const endings: [string, Observation, { soon?: UpdateOutcome; late?: UpdateOutcome; muchLater?: UpdateOutcome }][] = [
    ['idle as at the start', idle(), { late: { outcome: 'done', changed: false, commit: 'old' } }],
    ['idle with another release', idle('new'), { soon: { outcome: 'done', changed: true, commit: 'new' } }],
    ['preparing', moving('preparing'), {}],
    ['downloading', downloading(5), {}],
    ['downloaded', moving('downloaded'), {}],
    ['installing', moving('installing'), {}],
    ['locked', locked, { late: { outcome: 'locked', target: 'new' } }],
    ['failing', failing('download'), { late: { outcome: 'failed', failure: 'download', target: 'new' } }],
    ['not applied', notApplied, { late: { outcome: 'unknown', reason: 'not-applied' } }],
    ['unreachable', unreachable, { muchLater: { outcome: 'unknown', reason: 'unreachable' } }],
  ];

  test.each(endings)('%s', (_name, observation, { soon, late = soon, muchLater = late }) => {
    const start: [number, Observation] = [0, moving('preparing')];
    const first: [number, Observation] = [100, observation];
    expect(watch([start, first])).toBeUndefined();
    expect(watch([start, first, [103, observation]])).toEqual(soon && { second: 103, ...soon });
    expect(watch([start, first, [129, observation]])).toEqual(soon && { second: 129, ...soon });
    expect(watch([start, first, [130, observation]])).toEqual(late && { second: 130, ...late });
    expect(watch([start, first, [220, observation]])).toEqual(muchLater && { second: 220, ...muchLater });
  });
});

describe('a wait', () => {
  test('is settled by no single sample, however late it arrives', () => {
    expect(
      watch([
        [0, idle()],
        [1000, idle('new')],
      ]),
    ).toBeUndefined();
    expect(
      watch([
        [0, moving('installing')],
        [1000, locked],
      ]),
    ).toBeUndefined();
  });

  test('follows an update from its start to its end', () => {
    const steps: [number, Observation][] = [
      [0, idle()],
      [3, idle()],
      [6, moving('preparing')],
      [9, downloading(0)],
      [12, downloading(60)],
      [15, moving('downloaded')],
      [18, moving('installing')],
      [21, idle('new')],
      [24, idle('new')],
    ];
    expect(watch(steps)).toEqual({ second: 24, outcome: 'done', changed: true, commit: 'new' });
  });

  test('starts over if two samples disagree', () => {
    expect(
      watch([
        [0, moving('installing')],
        [3, idle('new')],
        [6, downloading(5)],
        [9, idle('new')],
      ]),
    ).toBeUndefined();
    expect(
      watch([
        [0, locked],
        [29, locked],
        [30, moving('installing')],
        [31, locked],
      ]),
    ).toBeUndefined();
    expect(
      watch([
        [0, failing('download')],
        [29, failing('download')],
        [31, failing('installation')],
      ]),
    ).toBeUndefined();
  });

  test('starts over if the Supervisor was away', () => {
    expect(
      watch([
        [0, moving('installing')],
        [3, idle('new')],
        [6, unreachable],
        [9, idle('new')],
      ]),
    ).toBeUndefined();
  });

  test('waits for its patience if the release turns out to be the old one, for example before a restarted Supervisor starts over', () => {
    const steps: [number, Observation][] = [
      [0, downloading(50)],
      [3, unreachable],
      [6, idle()],
      [9, idle()],
      [36, idle()],
    ];
    expect(watch(steps)).toEqual({ second: 36, outcome: 'done', changed: false, commit: 'old' });
  });
});

describe('whether the release has changed', () => {
  const unnamed = (kind: 'idle' | 'preparing') => read({ kind });

  test.each<[string, Observation[], boolean | undefined]>([
    ['is determined by the first sample and the last', [idle(), idle('new')], true],
    ['is determined by the first sample and the last, if they name the same', [moving('preparing'), idle()], false],
    ['is unknown if the first sample names none', [unnamed('preparing'), idle('new')], undefined],
    ['is unknown if the Supervisor was away at first', [unreachable, idle('new')], undefined],
    ['is unknown if it was away and then named none', [unreachable, unnamed('idle'), idle('new')], undefined],
    [
      'is determined if a sample before the last names another',
      [unnamed('preparing'), downloading(5), idle('new')],
      true,
    ],
    [
      'is unknown if that names the same, because there may have been another',
      [unreachable, moving('installing'), idle()],
      undefined,
    ],
    ['is unknown if the last sample names none', [idle(), unnamed('idle')], undefined],
    ['is unknown if none was ever named', [unnamed('preparing'), unnamed('idle')], undefined],
  ])('%s', (_what, observations, changed) => {
    const last = observations.at(-1) ?? unreachable;
    const named = last.kind === 'read' ? last.reading.current : undefined;
    const steps = observations.map((observation, index): [number, Observation] => [index * 3, observation]);
    const { second, ...outcome } = watch([...steps, [50, last], [90, last]]) ?? {};
    expect(outcome).toStrictEqual({
      outcome: 'done',
      ...(changed !== undefined && { changed }),
      ...(named !== undefined && { commit: named }),
    });
    expect(second).toBe(50);
  });

  test('takes patience to determine if the start is unknown', () => {
    const steps: [number, Observation][] = [
      [0, unnamed('preparing')],
      [3, idle('new')],
      [32, idle('new')],
    ];
    expect(watch(steps)).toBeUndefined();
    expect(watch([...steps, [33, idle('new')]])).toEqual({ second: 33, outcome: 'done', commit: 'new' });
  });
});

describe('a wait while a lock is in the way', () => {
  test('continues while the lock is held, if configured to, until the end of the update', () => {
    const steps: [number, Observation][] = [
      [0, idle()],
      [3, locked],
      [33, locked],
      [7200, locked],
    ];
    expect(watch(steps)).toMatchObject({ second: 33, outcome: 'locked' });
    expect(watch(steps, { whileLocked: 'wait' })).toBeUndefined();
    expect(
      watch([...steps, [7203, moving('installing')], [7206, idle('new')], [7209, idle('new')]], {
        whileLocked: 'wait',
      }),
    ).toEqual({ second: 7209, outcome: 'done', changed: true, commit: 'new' });
  });

  test('ends with another failure nonetheless', () => {
    const steps: [number, Observation][] = [
      [0, locked],
      [100, locked],
      [103, failing('download')],
      [133, failing('download')],
    ];
    expect(watch(steps, { whileLocked: 'wait' })).toMatchObject({ second: 133, outcome: 'failed' });
  });
});

describe('a wait for a given release', () => {
  test('ends as soon as that release runs, even at the start', () => {
    expect(
      watch(
        [
          [0, idle('new')],
          [3, idle('new')],
        ],
        { commit: 'new' },
      ),
    ).toEqual({
      second: 3,
      outcome: 'done',
      changed: false,
      commit: 'new',
    });
  });

  test('has an unknown outcome if the Supervisor names none', () => {
    const steps: [number, Observation][] = [
      [0, idle()],
      [3, read({ kind: 'idle' })],
      [33, read({ kind: 'idle' })],
    ];
    expect(watch(steps, { commit: 'new' })).toEqual({ second: 33, outcome: 'unknown', reason: 'release-not-reported' });
  });

  test('is not ended by another one', () => {
    const steps: [number, Observation][] = [
      [0, idle()],
      [3, idle('between')],
      [6, idle('between')],
    ];
    expect(watch(steps, { commit: 'new' })).toBeUndefined();
    expect(watch([...steps, [33, idle('between')]], { commit: 'new' })).toEqual({
      second: 33,
      outcome: 'unknown',
      reason: 'other-release',
    });
  });
});

test.each<[Observation, object]>([
  [unreachable, { phase: 'unreachable' }],
  [idle(), { phase: 'idle', target: 'old' }],
  [downloading(7), { phase: 'downloading', downloadProgressPercent: 7, target: 'new' }],
  [failing('download'), { phase: 'failing', target: 'new' }],
  [read({ kind: 'installing' }), { phase: 'installing' }],
])('%o is reported as %o', (observation, progress) => {
  expect(progressOf(observation)).toStrictEqual(progress);
});

test('for any observations, an outcome claims no more than the last two of them', () => {
  const current = fc.constantFrom('old', 'new', undefined);
  const reading = fc
    .tuple(
      fc.constantFrom(
        'idle',
        'not-applied',
        'preparing',
        'downloaded',
        'installing',
        'locked',
        'downloading',
        'failing',
      ),
      current,
      fc.constantFrom<('download' | 'rejected')[]>('download', 'rejected'),
      fc.integer({ min: 0, max: 100 }),
    )
    .map(([kind, commit, failure, downloadProgressPercent]) =>
      read({
        kind,
        ...(commit !== undefined && { current: commit }),
        ...(kind === 'failing' && { failure }),
        ...(kind === 'downloading' && { downloadProgressPercent }),
      } as Reading),
    );
  const elapsedMs = fc.integer({ min: 1, max: 40_000 });
  const times = fc.integer({ min: 1, max: 4 });
  // Most waits end by what is observed several times in a row.
  const steps = fc
    .array(fc.tuple(elapsedMs, fc.oneof(reading, fc.constant(unreachable)), times))
    .map((seen) =>
      seen.flatMap(([ms, observation, count]) => Array.from({ length: count }, () => [ms, observation] as const)),
    );
  const kindOf = (observation: Observation | undefined) =>
    observation?.kind === 'read' ? observation.reading.kind : observation?.kind;
  const kindsFor: Record<UpdateOutcome['outcome'], unknown[]> = {
    done: ['idle'],
    failed: ['failing'],
    locked: ['locked'],
    unknown: ['unreachable', 'not-applied', 'idle'],
  };
  const whileLocked = fc.constantFrom<UpdateWaitOptions['whileLocked']>('return', 'wait');
  fc.assert(
    fc.property(steps, fc.constantFrom(undefined, 'new'), whileLocked, (observations, commit, ifLocked) => {
      let wait: UpdateWait = {};
      let nowMs = 0;
      let outcome: UpdateOutcome | undefined;
      const seen: Observation[] = [];
      const hasEnded = observations.some(([ms, observation]) => {
        nowMs += ms;
        seen.push(observation);
        const step = nextUpdateWait(wait, observation, nowMs, { ...options, commit, whileLocked: ifLocked });
        wait = step.wait;
        outcome = step.outcome;
        return outcome !== undefined;
      });
      fc.pre(hasEnded && outcome !== undefined);
      expect(kindsFor[outcome.outcome]).toContain(kindOf(seen.at(-1)));
      expect(kindOf(seen.at(-2))).toBe(kindOf(seen.at(-1)));
      expect([outcome.outcome, ifLocked]).not.toEqual(['locked', 'wait']);
      if (outcome.outcome !== 'done') return;
      const { changed, commit: ran } = outcome;
      const named = seen.map((observation) => (observation.kind === 'read' ? observation.reading.current : undefined));
      const hasOther = named.some((before) => before !== undefined && before !== ran);
      expect(ran).toBe(named.at(-1));
      expect(
        changed === undefined ? ran === undefined || named[0] === undefined : changed ? hasOther : named[0] === ran,
      ).toBe(true);
    }),
  );
});
