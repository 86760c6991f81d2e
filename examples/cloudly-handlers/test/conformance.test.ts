import { createJoinTokens } from '@serve.zone/baseos-cloudly-conformance/fixtures/join-tokens';
import { operatorOf } from '@serve.zone/baseos-cloudly-conformance/fixtures/operator-of';
import { runConformance } from '@serve.zone/baseos-cloudly-conformance/run-conformance';
import { describe, expect, test, vi } from 'vitest';
import { examplePrograms, isInstalled } from './example-program.js';
import { startOpened } from './kit/start-opened.js';

// Each is a whole run.
vi.setConfig({ testTimeout: 180_000 });

// The tests of the examples report what is not installed.
describe.for(examplePrograms.filter(isInstalled))('a Cloudly of the handlers in $name', (program) => {
  test('passes every rule of the conformance kit that applies there', async () => {
    const { url, store, now, pass, backUp, restore } = await startOpened(program);
    const results = await runConformance({
      url,
      ...(await createJoinTokens(store(), { url, now, pass })),
      operator: { ...operatorOf(store, now), backUp, restore },
      slow: true,
      wait: pass,
    });
    expect(results.length).toBeGreaterThan(90);
    const broken = results.filter(({ name }) => program.breaks?.includes(name));
    expect(broken.map(({ name, verdict }) => [name, verdict])).toEqual(
      program.breaks?.map((name) => [name, 'fails']) ?? [],
    );
    expect(results.filter((result) => result.verdict !== 'holds' && !broken.includes(result))).toEqual([]);
  });
});
