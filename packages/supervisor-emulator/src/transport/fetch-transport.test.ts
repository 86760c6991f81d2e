import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, test } from 'vitest';

import { createSupervisor } from '../index.js';

/** Collects all unreferenced objects. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test.each(['hang', 'none'] as const)(
  'with the fault %s, an abort takes effect although nobody holds the request',
  async (fault) => {
    const supervisor = createSupervisor({ fault });
    const aborting = new AbortController();
    const path = `/v2/local/logs?apikey=${supervisor.apiKey}`;
    const read = async (): Promise<string> => {
      const response = await supervisor.fetch(new Request(`http://supervisor${path}`, { signal: aborting.signal }));
      return await response.text();
    };
    const outcome = read().catch((error: unknown) => error);
    for (let turn = 0; turn < 3; turn += 1) {
      await nextTurn();
      collectGarbage();
    }
    aborting.abort();
    expect(await outcome).toMatchObject({ name: 'AbortError' });
  },
);
