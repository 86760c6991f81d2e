import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { identity, MemoryIdentityStore } from '../../test/memory-identity-store.js';
import { heartbeatOutcomes } from '../../test/outcomes.js';
import { simulate } from '../../test/simulation.js';
import { Secret } from '../values/secret.js';

const minute = 60_000;
const year = 365 * 24 * 60 * minute;

function enrolled() {
  return new MemoryIdentityStore(identity({ nodeToken: new Secret('stored') }), 'state-file');
}

const outcomes = fc.array(fc.constantFrom(undefined, ...Object.values(heartbeatOutcomes)), {
  minLength: 1,
  maxLength: 10,
});

afterEach(() => vi.unstubAllGlobals());

describe('the clock of the loop', () => {
  test('ignores jumps of the wall clock: every call happens on schedule, whatever Cloudly answers', async () => {
    const jumps = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(outcomes, jumps, async (answers, years) => {
        const callsWith = async (jumpsInYears: readonly number[]): Promise<number[]> => {
          const { runner, clock, cloudly } = simulate({ store: enrolled() });
          cloudly.exchangeMs = 700;
          cloudly.onHeartbeat = () => answers[cloudly.heartbeats.length % answers.length];
          await runner.start();
          for (const jump of jumpsInYears) {
            clock.jumpWall(jump * year);
            await clock.advance(17 * minute);
          }
          return [...cloudly.heartbeats, ...cloudly.registers].map(({ atMs }) => atMs);
        };
        const steady = await callsWith(years.map(() => 0));
        expect(steady.length).toBeGreaterThan(0);
        expect(await callsWith(years)).toEqual(steady);
      }),
      { numRuns: 40 },
    );
  });

  test('is the injected one alone: the loop neither reads the system clock nor sets a system timer', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolled() });
    const forbidden = (): never => {
      throw new Error('The loop looked at the clock of the system.');
    };
    const RealDate = Date;
    vi.stubGlobal(
      'Date',
      class extends RealDate {
        static override now = forbidden;
        constructor(...values: [] | [string | number | Date]) {
          if (values.length === 0) forbidden();
          super(...(values as [number]));
        }
      },
    );
    vi.stubGlobal('setTimeout', forbidden);
    vi.stubGlobal('performance', { now: forbidden });
    cloudly.onHeartbeat = () => (cloudly.heartbeats.length % 3 === 0 ? heartbeatOutcomes.unreachable : undefined);
    await runner.start();
    await clock.advance(60 * minute);
    vi.unstubAllGlobals();
    expect(cloudly.heartbeats.length).toBeGreaterThan(30);
    expect(runner.status().cloudly.connectivity).not.toBe('unknown');
  });
});

describe('an exchange', () => {
  test('never overlaps another, however long each takes and however short the interval is', async () => {
    const durations = fc.array(fc.integer({ min: 0, max: 10 * minute }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        durations,
        outcomes,
        fc.integer({ min: 1000, max: minute }),
        async (takesMs, answers, interval) => {
          const { runner, clock, cloudly } = simulate({ store: enrolled(), config: { heartbeatIntervalMs: interval } });
          let freeAtMs = 0;
          cloudly.onHeartbeat = () => {
            freeAtMs = clock.monotonicMs();
            const calls = cloudly.heartbeats.length;
            cloudly.exchangeMs = takesMs[calls % takesMs.length] ?? 0;
            return answers[calls % answers.length];
          };
          const { heartbeat } = cloudly;
          Object.assign(cloudly, {
            heartbeat: async (...call: Parameters<typeof heartbeat>) => {
              expect(clock.monotonicMs()).toBeGreaterThanOrEqual(freeAtMs);
              return heartbeat(...call);
            },
          });
          await runner.start();
          await clock.advance(60 * minute);
          expect(cloudly.heartbeats.length).toBeGreaterThan(0);
          expect(cloudly.mostAtOnce).toBe(1);
        },
      ),
      { numRuns: 40 },
    );
  });
});
