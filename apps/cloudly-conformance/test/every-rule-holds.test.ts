import { expect, test, vi } from 'vitest';
import { JOIN_TOKEN_USES } from '../src/run/join-token-uses.js';
import { runConformance } from '../src/run/run-conformance.js';
import { bearerOf } from './alteration.js';
import { cloudlyAtHand, startCloudly } from './cloudly-under-test.js';

// Each is a whole run.
vi.setConfig({ testTimeout: 300_000 });

test('a Cloudly that follows the contract passes every rule, with all options of the kit', async () => {
  const results = await runConformance(await startCloudly());
  expect(results.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
});

test('so does a Cloudly with rate limits: the kit waits as requested', async () => {
  const limits = { clientAddress: () => '192.0.2.1', attemptsPerAddressMax: 50, requestsPerNodeMax: 20 };
  const results = await runConformance(await cloudlyAtHand(undefined, limits));
  expect(results.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
});

test('a run without any options tries most rules', async () => {
  const { tokens: _tokens, operator: _operator, slow: _slow, ...given } = await cloudlyAtHand();
  const results = await runConformance(given);
  expect(results.filter(({ verdict }) => verdict === 'fails')).toEqual([]);
  expect(results.filter(({ verdict }) => verdict === 'holds').length).toBeGreaterThan(results.length / 2);
});

test('no run takes more uses of the join token than the kit requests', async () => {
  let useCount = 0;
  const options = await cloudlyAtHand((next, { tokens }) => async (request) => {
    const joinToken = bearerOf(request);
    const response = await next(request);
    if (joinToken === tokens.good && response.status === 201) useCount += 1;
    return response;
  });
  await runConformance(options);
  expect(useCount).toBeGreaterThan(JOIN_TOKEN_USES / 2);
  expect(useCount).toBeLessThanOrEqual(JOIN_TOKEN_USES);
});
