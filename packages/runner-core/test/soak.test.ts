import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { sourceFlags } from '@serve.zone/baseos-testing/processes/node-flags';

const run = promisify(execFile);

function here(name: string) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** In a separate process, so that memory and handles are the agent's alone. Rejects if the soak ends with 1. */
async function soak(seed: number): Promise<{ trace: string; faults: string[]; calls: number; heapBytes: number[] }> {
  const { stdout } = await run(process.execPath, [
    '--expose-gc',
    ...sourceFlags,
    here('run-soak.ts'),
    `--seed=${seed}`,
    '--days=2',
  ]);
  return JSON.parse(stdout);
}

test(
  'two simulated days of any conditions leave an agent unchanged, and the same seed gives the same days',
  { timeout: 180_000 },
  async () => {
    const [one, same, other] = [await soak(1), await soak(1), await soak(2)];
    expect(one).toMatchObject({ faults: [], heapBytes: [expect.any(Number), expect.any(Number)] });
    expect(one.calls).toBeGreaterThan(500);
    expect(same.trace).toBe(one.trace);
    expect(other.faults).toEqual([]);
    expect(other.trace).not.toBe(one.trace);
  },
);
