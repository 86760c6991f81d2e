import { copyFleet } from '@serve.zone/baseos-cloudly-conformance/fixtures/copy-fleet';
import { type NodeStore, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { onTestFinished } from 'vitest';
import { type ExampleProgram, startProgram } from '../example-program.js';

/** A program that runs until the test ends, with its operator's actions and a controllable clock. */
export async function startOpened(program: ExampleProgram) {
  const { url, operatorUrl, stop } = await startProgram(program, { isOpened: true });
  onTestFinished(stop);

  const ask = async (name: string, ...parameters: unknown[]): Promise<unknown> => {
    const response = await fetch(operatorUrl, { method: 'POST', body: JSON.stringify([name, ...parameters]) });
    if (!response.ok) throw new Error(`The program cannot do ${name}: ${await response.text()}`);
    return ((await response.json()) as { result?: unknown }).result;
  };
  const store = new Proxy({} as NodeStore, {
    get:
      (_target, method) =>
      async (...parameters: unknown[]) =>
        ask('store', method, ...parameters),
  });

  let nowMs = Date.now();
  await ask('setClock', nowMs);
  let backup: NodeStore = createMemoryStore();

  return {
    url,
    store: () => store,
    now: () => nowMs,
    pass: async (durationMs: number) => void (await ask('setClock', (nowMs += durationMs))),
    backUp: async () => {
      backup = createMemoryStore();
      await copyFleet(store, backup);
    },
    restore: async () => {
      await ask('startAnew');
      await copyFleet(backup, store);
    },
  };
}
