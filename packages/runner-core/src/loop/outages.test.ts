import type { HeartbeatOutcome } from '@serve.zone/baseos-cloudly-connector';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identity, MemoryIdentityStore } from '../../test/memory-identity-store.js';
import { heartbeatOutcomes } from '../../test/outcomes.js';
import { simulate } from '../../test/simulation.js';
import { Secret } from '../values/secret.js';
import { problemOf } from './runner-problem.js';

const { 'rate-limited': rateLimited, unavailable, unreachable, timeout, 'not-cloudly': notCloudly } = heartbeatOutcomes;

/** Answers that are no verdict, and heartbeats that are taken. */
const answers = fc.array(
  fc.option(fc.constantFrom(rateLimited, unavailable, unreachable, timeout, notCloudly), { nil: undefined }),
  { minLength: 1, maxLength: 40 },
);

/** What an operator may read of these answers: of each outage its begin, with the first problem, and its end, with counts. */
function storyOf(given: readonly (HeartbeatOutcome | undefined)[]): string[] {
  const story: string[] = [];
  let failures = 0;
  for (const outcome of given) {
    if (outcome !== undefined) {
      failures += 1;
      if (failures === 1) story.push(`begin ${problemOf(outcome as typeof unreachable).code}`);
    } else if (failures > 0) {
      story.push(`end ${failures} failed ${failures === 1 ? 'call' : 'calls'}`);
      failures = 0;
    }
  }
  return story;
}

test('an outage is reported once when it begins and once when it ends, with its length and its calls, whatever went wrong', async () => {
  await fc.assert(
    fc.asyncProperty(answers, async (given) => {
      const store = new MemoryIdentityStore(identity({ nodeToken: new Secret('stored') }), 'state-file');
      const { runner, clock, cloudly, lines } = simulate({ store });
      const outages: number[] = [];
      let sinceMs: number | undefined;
      cloudly.onHeartbeat = () => {
        const outcome = given[cloudly.heartbeats.length - 1];
        if (outcome === undefined && sinceMs !== undefined) outages.push(clock.monotonicMs() - sinceMs);
        sinceMs = outcome === undefined ? undefined : (sinceMs ?? clock.monotonicMs());
        return outcome;
      };
      await runner.start();
      while (cloudly.heartbeats.length < given.length) await clock.advance(60_000);
      const heard = cloudly.heartbeats.map((_call, index) => given[index]);

      const told = lines.filter(({ level, fields }) => level !== 'debug' && fields?.['heartbeat'] === undefined);
      const story = told.flatMap(({ level, message, fields }) => {
        if (level === 'warn') return [`begin ${String(fields?.['code'])}`];
        const ended = /answers again, after (?<count>.*) in \d+ s\.$/.exec(message);
        return ended ? [`end ${ended.groups?.['count']}`] : [];
      });
      expect(story).toEqual(storyOf(heard));
      expect(told.flatMap(({ fields }) => fields?.['outageMs'] ?? [])).toEqual(outages);
    }),
    { numRuns: 60 },
  );
});
