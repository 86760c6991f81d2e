// Kills an agent that changes its identity, argv[2] times, and prints the result.
import { killLoop } from './kill-loop.js';

const kills = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(kills) || kills < 1) throw new Error('Usage: soak:kill [number of kills]');
const startedMs = performance.now();
const result = await killLoop(kills, {
  onKill: ({ kills: done, stored, amidWrites }) => {
    if (done % 500 === 0) {
      process.stderr.write(`${done} of ${kills} kills, ${amidWrites} amid writes, ${stored} tokens stored\n`);
    }
  },
});
const durationS = Math.round((performance.now() - startedMs) / 1000);
process.stdout.write(`${JSON.stringify({ ...result, durationS })}\n`);
