import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answer, CommandedWorld, type Heartbeat, type Order } from '../../../test/commanded-world.js';
import type { JournalEntry } from '../journal/journal-entry.js';
import { commandRules, type CommandRules } from '../rules/command-rules.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

const order: fc.Arbitrary<Order> = fc.record({
  kind: fc.constantFrom('update', 'reboot', 'restart-app', 'restart-service', 'blink'),
  force: fc.boolean(),
  expiresInMs: fc.constantFrom(2 * SECOND_MS, MINUTE_MS, 60 * MINUTE_MS, 60 * MINUTE_MS),
  timeoutMs: fc.constantFrom(10 * SECOND_MS, 90 * SECOND_MS),
  answers: fc.array(fc.constantFrom<Answer>('accepted', 'ended', 'locked', 'locked', 'lost', 'lost-after', 'hangs'), {
    maxLength: 3,
  }),
  takesMs: fc.constantFrom(0, 5 * SECOND_MS, MINUTE_MS, Number.POSITIVE_INFINITY),
});

/** What happens to the world: a call of one of its methods. */
type Event =
  | { happens: 'queue'; order: Order }
  | { happens: 'heartbeat'; how: Heartbeat }
  | { happens: 'wait'; ms: number }
  | { happens: 'kill-soon'; steps: number }
  | { happens: 'cancel'; number: number }
  | { happens: 'reboot' }
  | { happens: 'lose-journal'; isCopyLeft: boolean }
  | { happens: 'disk'; isFull: boolean }
  | { happens: 'clock-jump'; ms: number };

const heartbeats: readonly Heartbeat[] = [
  'delivered',
  'delivered',
  'delivered',
  'delivered-twice',
  'answer-lost',
  'request-lost',
  'refused',
  'revoked',
  'revoked',
  'stale',
];
const waitsMs = [0, SECOND_MS, 5 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS];

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ happens: fc.constant('queue' as const), order }) },
  {
    weight: 6,
    arbitrary: fc.record({ happens: fc.constant('heartbeat' as const), how: fc.constantFrom(...heartbeats) }),
  },
  { weight: 6, arbitrary: fc.record({ happens: fc.constant('wait' as const), ms: fc.constantFrom(...waitsMs) }) },
  {
    weight: 3,
    arbitrary: fc.record({ happens: fc.constant('kill-soon' as const), steps: fc.integer({ min: 1, max: 8 }) }),
  },
  { weight: 3, arbitrary: fc.record({ happens: fc.constant('cancel' as const), number: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ happens: fc.constant('reboot' as const) }) },
  { weight: 1, arbitrary: fc.record({ happens: fc.constant('lose-journal' as const), isCopyLeft: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ happens: fc.constant('disk' as const), isFull: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ happens: fc.constant('clock-jump' as const), ms: fc.constantFrom(-86_400_000, 86_400_000) }),
  },
);

async function play(world: CommandedWorld, each: Event): Promise<void> {
  switch (each.happens) {
    case 'queue':
      return world.queue(each.order);
    case 'heartbeat':
      return world.heartbeat(each.how);
    case 'wait':
      return world.clock.advance(each.ms);
    case 'kill-soon':
      return world.killIn(each.steps);
    case 'cancel':
      return world.cancel(each.number);
    case 'reboot':
      return world.reboot();
    case 'lose-journal':
      return world.loseJournal(each.isCopyLeft);
    case 'disk':
      return world.setDiskFull(each.isFull);
    case 'clock-jump':
      return world.clock.jumpWall(each.ms);
  }
}

const hopeless: Order = {
  kind: 'reboot',
  force: false,
  expiresInMs: 30 * MINUTE_MS,
  timeoutMs: 10 * SECOND_MS,
  answers: Array.from({ length: 1000 }, () => 'locked' as const),
  takesMs: 0,
};

/** Plays the events and then a calm time, in which one command is behind a lock for ever. Gives every fault. */
async function faultsOf(events: readonly Event[], rules: CommandRules): Promise<string[]> {
  const world = new CommandedWorld(rules);
  for (const each of events) {
    await play(world, each);
    await world.clock.advance(0);
  }
  world.setDiskFull(false);
  world.killIn(Number.POSITIVE_INFINITY);
  const calm = async (minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1) {
      world.heartbeat('delivered');
      await world.clock.advance(MINUTE_MS);
    }
    world.heartbeat('delivered');
  };
  world.queue(hopeless);
  await calm(3);
  // Whatever else there is, what is queued now is done soon.
  world.queue({ ...hopeless, expiresInMs: 60 * MINUTE_MS, answers: [] });
  const last = world.size;
  await calm(16);
  if (world.resultOf(last)?.outcome !== 'succeeded') world.faults.push('a command was blocked by others');
  await calm(60);
  world.kill();
  return [...world.faults, ...world.withoutOutcome];
}

function property(rules: CommandRules) {
  return fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 40, size: 'max' }), async (events) => {
    expect(await faultsOf(events, rules)).toEqual([]);
  });
}

test('whatever happens, each command is asked at most once, has an outcome, and blocks no other', async () => {
  await expect(fc.assert(property(commandRules), { numRuns: 100 })).resolves.toBeUndefined();
}, 120_000);

/** Faults of the rules that the world must find. */
const mutations: Record<string, Partial<CommandRules>> = {
  'asks before the journal is stored': { mayBeAskedUnstored: () => true },
  'forgets at a start what was asked': {
    becomes: (state, open, action) => (state === 'asked' ? 'forgotten' : commandRules.becomes(state, open, action)),
  },
  'asks again for a forced update': {
    becomes: (state, open, action) => commandRules.becomes(state, { ...open, force: false }, action),
  },
  'trusts every journal': { isTrusted: () => true },
  'keeps the newest three entries, told or not': {
    pruneEntries: (entries: readonly JournalEntry[]) => entries.slice(-3),
  },
  'lets everything begin at once': { mayBegin: () => true },
  'never ends what takes too long': { isTimeUp: () => false },
  'begins what is no longer listed': { isDropped: () => false },
  'begins what has expired': { expiresAtMs: ({ sentMs, expiresInMs }) => sentMs + expiresInMs + MINUTE_MS },
  'gives up a result with the first refusal': {
    afterRefused: (delivery, ids) => ({ delivery, givenUp: ids[0] }),
  },
  'sends a result once': { resultsToSend: (pending) => pending.slice(1) },
};

describe('a worker that', () => {
  test.each(Object.entries(mutations))(
    '%s is found',
    async (_what, mutation) => {
      const mutated = property({ ...commandRules, ...mutation });
      const { failed } = await fc.check(mutated, { numRuns: 2000, seed: 7, endOnFailure: true });
      expect(failed).toBe(true);
    },
    120_000,
  );
});
