import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { forkSource } from '../../../test/fixtures/fork-source.js';
import { createJoinToken } from '../../operator/create-join-token.js';
import { openSqliteStore } from '../../sqlite.js';

const directory = mkdtempSync(join(tmpdir(), 'cloudly-handlers-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Another Cloudly process on the file, which is ready to register nodes. */
async function startCloudlyProcess(path: string) {
  const child = forkSource(new URL('../../../test/registering-process.ts', import.meta.url), [path]);
  onTestFinished(() => void child.kill());
  const exit = once(child, 'exit').then(([code]) => {
    throw new Error(`The Cloudly process ended with exit code ${String(code)}`);
  });
  const told = async (): Promise<unknown[]> => Promise.race([once(child, 'message'), exit]);

  await told();
  return async (joinTokens: readonly string[]): Promise<string[]> => {
    const answered = told();
    child.send(joinTokens);
    const [outcomes] = await answered;
    return outcomes as string[];
  };
}

function repeat<Value>(times: number, value: Value): Value[] {
  return Array.from({ length: times }, () => value);
}

test('two processes on one file admit as many nodes as join tokens have uses, and answer every one', async () => {
  const path = join(directory, 'fleet.sqlite');
  const store = openSqliteStore(path);
  onTestFinished(() => store.close());
  const [registerHere, registerThere] = await Promise.all([startCloudlyProcess(path), startCloudlyProcess(path)]);
  const { joinToken: shared } = await createJoinToken(store, { uses: 40 });
  const singles = await Promise.all(repeat(20, undefined).map(() => createJoinToken(store, { uses: 1 })));

  const attempts = [...repeat(30, shared), ...singles.map(({ joinToken }) => joinToken)];
  const [here, there] = await Promise.all([registerHere(attempts), registerThere(attempts)]);

  const outcomes = [...here, ...there];
  expect(outcomes.filter((outcome) => outcome === '201')).toHaveLength(40 + 20);
  expect(outcomes.filter((outcome) => outcome === '401 join-token-used')).toHaveLength(20 + 20);
  singles.forEach((_single, index) => {
    expect(new Set([here[30 + index], there[30 + index]])).toEqual(new Set(['201', '401 join-token-used']));
  });
  expect((await store.listJoinTokens()).map(({ maxUses, usedCount }) => usedCount - maxUses)).toEqual(repeat(21, 0));
  expect(await store.listNodes({ limit: 100 })).toHaveLength(60);
});
