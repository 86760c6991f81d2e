import { expect, test } from 'vitest';
import { runConformance } from '../src/run-conformance.js';
import { startCloudly } from './cloudly-under-test.js';

test('a Cloudly that keeps the contract, with all that the kit can be given, passes every rule', async () => {
  const results = await runConformance(await startCloudly());
  expect(results.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
});

test('so does one that limits how often it is called: the kit waits as it is told', async () => {
  const limits = { clientAddress: () => '192.0.2.1', attemptsPerAddressMax: 50, requestsPerNodeMax: 20 };
  const results = await runConformance(await startCloudly(undefined, limits));
  expect(results.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
});
