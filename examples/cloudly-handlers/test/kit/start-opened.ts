import { type FleetStore, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { onTestFinished } from 'vitest';
import { type ExampleProgram, startProgram } from '../example-program.js';

/** A program that runs until the test ends, with what its operator can do and a clock that does as it is told. */
export async function startOpened(program: ExampleProgram) {
  const { url, operatorUrl, stop } = await startProgram(program, { isOpened: true });
  onTestFinished(stop);

  const ask = async (name: string, ...parameters: unknown[]): Promise<unknown> => {
    const response = await fetch(operatorUrl, { method: 'POST', body: JSON.stringify([name, ...parameters]) });
    if (!response.ok) throw new Error(`The program cannot do ${name}: ${await response.text()}`);
    return ((await response.json()) as { result?: unknown }).result;
  };
  const store = new Proxy({} as FleetStore, {
    get:
      (_target, method) =>
      async (...parameters: unknown[]) =>
        ask('store', method, ...parameters),
  });

  let nowMs = Date.now();
  await ask('setClock', nowMs);
  let backup: FleetStore = createMemoryStore();

  return {
    url,
    store: () => store,
    now: () => nowMs,
    pass: async (durationMs: number) => void (await ask('setClock', (nowMs += durationMs))),
    backUp: async () => {
      backup = createMemoryStore();
      await copy(store, backup);
    },
    restore: async () => {
      await ask('startAnew');
      await copy(backup, store);
    },
  };
}

/** What a backup keeps of a fleet: its join tokens and its nodes. */
async function copy(from: FleetStore, to: FleetStore): Promise<void> {
  for (const joinToken of await from.listJoinTokens()) await to.addJoinToken({ ...joinToken, usedCount: 0 });
  for (const { node } of await from.listNodes({ limit: 10_000 })) await to.createNode(node, 0);
}
