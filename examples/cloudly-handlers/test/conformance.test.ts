import { contract } from '@serve.zone/baseos-cloudly-conformance/contract';
import { createJoinTokens } from '@serve.zone/baseos-cloudly-conformance/fixtures/join-tokens';
import { sectionsOfServers } from '@serve.zone/baseos-cloudly-conformance/fixtures/sections-of-servers';
import { operatorOf } from '@serve.zone/baseos-cloudly-conformance/fixtures/operator-of';
import { runConformance } from '@serve.zone/baseos-cloudly-conformance/run-conformance';
import { describe, expect, test, vi } from 'vitest';
import { type ExampleProgram, examplePrograms, isInstalled } from './example-program.js';
import { startOpened } from './kit/start-opened.js';

// A run has hundreds of requests.
vi.setConfig({ testTimeout: 180_000 });

/** The whole contract once on each runtime. In each of the other servers on Node, all that the server may break. */
function sectionsFor({ runtime, file }: ExampleProgram) {
  if (runtime !== 'node' || file === 'node-http.ts') return contract;
  return sectionsOfServers;
}

// The tests of the examples report what is not installed.
describe.for(examplePrograms.filter(isInstalled))('a Cloudly of the handlers in $name', (program) => {
  test('passes every rule of the conformance kit that applies there', async () => {
    const { url, store, now, pass, backUp, restore } = await startOpened(program);
    const sections = sectionsFor(program);
    const results = await runConformance({
      url,
      sections,
      ...(await createJoinTokens(store(), { url, now, pass })),
      operator: { ...operatorOf(store, now), backUp, restore },
      slow: true,
      wait: pass,
    });
    expect(results).toHaveLength(sections.flatMap(({ rules }) => rules).length);
    expect(results.length).toBeGreaterThan(30);
    const broken = results.filter(({ name }) => program.breaks?.includes(name));
    expect(broken.map(({ name, verdict }) => [name, verdict])).toEqual(
      program.breaks?.map((name) => [name, 'fails']) ?? [],
    );
    expect(results.filter((result) => result.verdict !== 'holds' && !broken.includes(result))).toEqual([]);
  });
});
