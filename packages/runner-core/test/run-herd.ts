// Sends a herd of agents through an outage and a power cut, and ends with 1 where it stampedes.
import { parseArgs } from 'node:util';
import { type HerdReport, isTame, runHerd, type Stampede } from './herd.js';

const { values } = parseArgs({
  options: { cores: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
});
const [cores, seed] = [Number(values.cores), Number(values.seed)];
if (!Number.isSafeInteger(cores) || cores < 1 || !Number.isSafeInteger(seed)) {
  throw new TypeError('--cores takes a whole number from 1, --seed any whole number.');
}

const startedMs = performance.now();
const report: HerdReport = await runHerd({ cores, seed });

function row(name: string, { peakPerSecond, peakShare, backAfterMs }: Stampede): string {
  return (
    `${name}: at most ${peakPerSecond.toFixed(1)} calls a second, ${peakShare.toFixed(2)} of the steady rate (2 is allowed); ` +
    `95 % back after ${Math.round(backAfterMs / 1000)} s (360 are allowed)\n`
  );
}
process.stdout.write(
  `${cores} agents, seed ${seed}, ${Math.round((performance.now() - startedMs) / 1000)} s\n` +
    `steady: ${report.steadyPerSecond.toFixed(1)} calls a second, counted by windows of ${report.windowMs / 1000} s\n` +
    `during an outage of 10 minutes: at most ${report.duringOutagePeakPerSecond.toFixed(1)} attempts a second\n` +
    row('after the outage', report.afterOutage) +
    row('after a power cut', report.afterPowerCut),
);
process.exit(isTame(report.afterOutage) && isTame(report.afterPowerCut) ? 0 : 1);
