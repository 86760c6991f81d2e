import fc from 'fast-check';
import type { Rollout, RolloutLimits, Wave } from '../../src/fleet-store/rollout.js';
import { type Ending, INTERVAL_MS, type RolloutSettings } from './rollout-world.js';

export const FIRST = '11111111-1111-4111-8111-111111111111';
const SECOND = '22222222-2222-4222-8222-222222222222';
export const rolloutIds = [FIRST, SECOND];

/** What can happen. Numbers name devices, servers and rollouts, of which there are fewer. */
export type Happening =
  | { kind: 'time-passes'; ms: number }
  | { kind: 'clock-set'; byMs: number }
  | { kind: 'all-beat' }
  | { kind: 'beat' | 'toggle-online' | 'begin' | 'forget' | 'suspect' | 'cancel'; device: number }
  | { kind: 'end'; device: number; ending: Ending }
  | { kind: 'all-work'; ending: Ending }
  | { kind: 'relabel'; device: number; site: string; shop: string }
  | { kind: 'add-device'; site: string }
  | { kind: 'pass' | 'go-on' | 'crash'; server: number }
  | { kind: 'park'; server: number; rollout: number }
  | { kind: 'pause' | 'stop' | 'open-gate'; rollout: number }
  | { kind: 'start'; rollout: number; changesMax: number }
  | { kind: 'resume'; rollout: number; failed: 'retry' | 'leave-out' | 'as-they-are' }
  | { kind: 'set-limits'; rollout: number; maxInFlight: number; perSite: number; failPercent: number }
  | { kind: 'give-up'; rollout: number; device: number };

export interface History {
  sites: string[];
  settings: RolloutSettings[];
  happenings: Happening[];
}

const device = fc.nat({ max: 9 });
const server = fc.nat({ max: 1 });
const rollout = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.constant(1));
const site = fc.constantFrom('berlin', 'paris', 'rome');
const anyEnding: fc.Arbitrary<Ending> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Ending>('succeed') },
  { weight: 3, arbitrary: fc.constant<Ending>('fail') },
  fc.constantFrom<Ending>('refuse', 'other-release', 'other-commit', 'interrupt', 'strange', 'forget'),
);

function happens(
  kind: Happening['kind'],
  weight: number,
  members: Record<string, fc.Arbitrary<unknown>> = {},
): { weight: number; arbitrary: fc.Arbitrary<Happening> } {
  return {
    weight,
    arbitrary: fc.record({ kind: fc.constant(kind), ...members }) as unknown as fc.Arbitrary<Happening>,
  };
}

const anyHappening = fc.oneof(
  happens('pass', 14, { server }),
  happens('all-beat', 8),
  happens('all-work', 8, { ending: anyEnding }),
  happens('beat', 4, { device }),
  happens('begin', 4, { device }),
  happens('end', 4, { device, ending: anyEnding }),
  happens('time-passes', 6, { ms: fc.constantFrom(1000, INTERVAL_MS, 3 * INTERVAL_MS) }),
  happens('time-passes', 4, { ms: fc.constantFrom(16 * INTERVAL_MS, 3_600_000, 7_200_000) }),
  happens('time-passes', 1, { ms: fc.constantFrom(86_400_000, 8 * 86_400_000) }),
  happens('clock-set', 1, { byMs: fc.constantFrom(-86_400_000, -30_000, 30_000, 86_400_000) }),
  happens('toggle-online', 4, { device }),
  happens('forget', 1, { device }),
  happens('suspect', 1, { device }),
  happens('cancel', 1, { device }),
  happens('relabel', 3, { device, site, shop: fc.constantFrom('a', 'b') }),
  happens('add-device', 1, { site }),
  happens('go-on', 4, { server }),
  happens('crash', 1, { server }),
  happens('park', 5, { server, rollout }),
  happens('start', 3, { rollout, changesMax: fc.constantFrom(0, 1, 1000, 1000, 1000) }),
  happens('pause', 1, { rollout }),
  happens('stop', 1, { rollout }),
  happens('open-gate', 2, { rollout }),
  happens('resume', 4, { rollout, failed: fc.constantFrom('retry', 'leave-out', 'as-they-are') }),
  happens('set-limits', 1, {
    rollout,
    maxInFlight: fc.integer({ min: 1, max: 6 }),
    perSite: fc.integer({ min: 1, max: 3 }),
    failPercent: fc.constantFrom(0, 30, 60, 100),
  }),
  happens('give-up', 1, { rollout, device }),
);

const wave: fc.Arbitrary<Wave> = fc
  .record({
    select: fc.option(fc.constantFrom('label.site=berlin', 'label.site=oslo'), { nil: undefined }),
    size: fc.option(
      fc.oneof(fc.record({ count: fc.integer({ min: 1, max: 3 }) }), fc.record({ percent: fc.constantFrom(10, 50) })),
      { nil: undefined },
    ),
    gate: fc.constantFrom('auto' as const, 'manual' as const),
    soakMs: fc.constantFrom(0, 10 * INTERVAL_MS),
  })
  .map(toWave);

function toWave({
  select,
  size,
  ...rest
}: Omit<Wave, 'select' | 'size'> & { [Key in 'select' | 'size']: Wave[Key] | undefined }): Wave {
  return { ...rest, ...(select !== undefined && { select }), ...(size && { size }) };
}

function toLimits({
  perSite,
  ...rest
}: Partial<RolloutLimits> & { perSite: number | undefined }): Partial<RolloutLimits> {
  return { ...rest, ...(perSite !== undefined && { perGroup: { label: 'site', max: perSite } }) };
}

const settings: fc.Arbitrary<RolloutSettings> = fc.record({
  selector: fc.constantFrom('', 'label.site=berlin,paris', '-label.site=rome'),
  waves: fc.array(wave, { maxLength: 2 }).map((first) => first.concat([{ gate: 'auto', soakMs: 0 }])),
  limits: fc
    .record({
      maxInFlight: fc.integer({ min: 1, max: 4 }),
      failMin: fc.integer({ min: 1, max: 3 }),
      failPercent: fc.constantFrom(0, 30, 50),
      attempts: fc.integer({ min: 1, max: 2 }),
      perSite: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
    })
    .map(toLimits),
  isDynamic: fc.boolean(),
  scope: fc.option(
    fc.constant<NonNullable<Rollout['scope']>>({
      terms: [{ field: 'label', isNot: false, key: 'shop', anyOf: ['a'] }],
    }),
    { nil: undefined },
  ),
  window: fc.option(fc.constant({ cron: '0 * * * *', zone: 'Europe/Berlin', durationMs: 1_800_000 }), {
    nil: undefined,
  }),
}) as fc.Arbitrary<RolloutSettings>;

export const anyHistory: fc.Arbitrary<History> = fc.record({
  sites: fc.array(site, { minLength: 3, maxLength: 8 }),
  settings: fc.tuple(settings, settings),
  happenings: fc.array(anyHappening, { minLength: 20, maxLength: 120, size: 'max' }),
});
