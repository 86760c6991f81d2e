import { expect, test } from 'vitest';
import { runConformance } from '../src/run-conformance.js';
import { startCloudly } from './cloudly-under-test.js';

test('a Cloudly that keeps the contract, with all that the kit can be given, passes every rule', async () => {
  const results = await runConformance(await startCloudly());
  expect(results.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
});
