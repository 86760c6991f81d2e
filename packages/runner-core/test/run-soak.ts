// Runs an agent through simulated days of random conditions. Ends with 1 on a violation, or if it leaks memory or handles.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runSoak } from './soak.js';

const { values } = parseArgs({
  options: { days: { type: 'string', default: '7' }, seed: { type: 'string', default: '1' } },
});
const [days, seed] = [Number(values.days), Number(values.seed)];
if (!Number.isSafeInteger(days) || days < 1 || !Number.isSafeInteger(seed)) {
  throw new TypeError('--days takes a whole number from 1, --seed any whole number.');
}

const collectGarbage = globalThis.gc;
if (!collectGarbage) throw new Error('Run it with --expose-gc: memory is compared when the garbage is gone.');

/** What an agent in another weather holds more or less, and the tokens that the simulated Cloudly remembers. */
const noiseBytes = 700_000;

const heapBytes: number[] = [];
const resourcesBefore = process.getActiveResourcesInfo();
const startedMs = performance.now();
const report = await runSoak({
  seed,
  days,
  onDay: () => {
    collectGarbage();
    heapBytes.push(process.memoryUsage().heapUsed);
  },
});
const leftResources = process.getActiveResourcesInfo();
for (const resource of resourcesBefore) {
  const place = leftResources.indexOf(resource);
  if (place >= 0) leftResources.splice(place, 1);
}

const grownBytes = (heapBytes.at(-1) ?? 0) - (heapBytes[0] ?? 0);
const faults = [
  ...report.faults,
  ...(grownBytes > noiseBytes ? [`The heap grew by ${grownBytes} bytes from the first day to the last.`] : []),
  ...(leftResources.length > 0 ? [`Handles were left: ${leftResources.join(', ')}.`] : []),
];
const durationS = Math.round((performance.now() - startedMs) / 100) / 10;
process.stdout.write(
  `${JSON.stringify({ seed, days, ...report, faults, heapBytes, grownBytes, durationS }, undefined, 2)}\n`,
);
process.exitCode = faults.length > 0 ? 1 : 0;
