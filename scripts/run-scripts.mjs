// Runs scripts of package.json on all cores, and tells of each whether it failed and how long it took. What a script writes is
// shown only if it fails: `node scripts/run-scripts.mjs <script>...`
import process from 'node:process';
import { runInLanes } from './run-in-lanes.mjs';
import { describeResult, runQuietly } from './run-quietly.mjs';

const tasks = process.argv.slice(2).map((name) => ({
  name,
  run: async () => {
    const result = await runQuietly(`pnpm run ${name}`);
    process.stdout.write(describeResult(name, result));
    return result;
  },
}));

const results = [...(await runInLanes(tasks)).values()];
if (results.some(({ hasFailed }) => hasFailed)) process.exitCode = 1;
