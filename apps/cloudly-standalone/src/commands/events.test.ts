import { randomUUID } from 'node:crypto';
import { createFleet, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { describe, expect, test } from 'vitest';
import { runCommandWith } from '../../test/run-command.js';
import { startApi, TOKEN } from '../../test/start-api.js';
import { startFleet, twoShops } from '../../test/start-fleet.js';

function lineCount(text: string): number {
  return text.split('\n').length - 1;
}

describe('events', () => {
  test('shows what happened, the newest first, with the names of nodes and who did it', async () => {
    const { run } = await startFleet(twoShops.slice(0, 2));
    await run('node', 'revoke', 'a-1');
    await run('view', 'save', 'canaries', 'label.canary');
    const { exitCode, stdout } = await run('events');
    const [heading, ...rows] = stdout.trimEnd().split('\n');
    expect([exitCode, heading]).toEqual([0, expect.stringMatching(/^WHEN +NODE +WHAT +WHO$/)]);
    expect(rows[0]).toMatch(/^(just now|\d+ s ago) +- +View canaries was saved +cli:/);
    expect(rows[1]).toMatch(/ a-1 +was revoked +cli:/);
    expect(rows.at(-1)).toMatch(/ - +Join token \S+ was created for one node +host:test$/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('can be narrowed to a node, kinds, a time, and what people did', async () => {
    const { run, nodeId } = await startFleet(twoShops);
    await run('node', 'approve', 'b-1');
    const kinds = async (...argv: string[]) => {
      const { stdout } = await run('events', '--json', ...argv);
      return (JSON.parse(stdout) as { kind: string }[]).map(({ kind }) => kind);
    };
    expect(await kinds('--node', 'b-1')).toEqual(['node-approved', 'node-registered']);
    expect(await kinds('--kind', 'node-approved, view-saved')).toEqual(['node-approved']);
    expect(await kinds('--limit', '3')).toHaveLength(3);
    expect(await kinds('--since', '1h')).toHaveLength(9);
    expect(await kinds('--since', '2020-01-01T00:00:00Z', '--limit', '2')).toHaveLength(2);
    const { stdout } = await run('events', '--audit', '--limit', '1', '--json');
    expect(JSON.parse(stdout)).toEqual([
      {
        position: expect.any(Number),
        at: expect.stringMatching(/Z$/),
        actor: expect.stringMatching(/^cli:/),
        nodeId: nodeId('b-1'),
        nodeName: 'b-1',
        kind: 'node-approved',
        details: {},
      },
    ]);
  });

  test.each([
    [['--kind', 'node-revokd'], 'There are no events of the kind "node-revokd". Did you mean "node-revoked"?'],
    [['--kind', 'x'], 'There are no events of the kind "x". There are: node-registered,'],
    [['--since', 'yesterday'], '--since must be a duration such as 30m, 24h or 7d, or a time'],
    [['--since', '2999-01-01T00:00:00Z'], '--since must be a time in the past'],
    [['--follow', '--csv'], '--follow shows lines, or JSON with --json'],
  ])('%j is a mistake', async (argv, message) => {
    const { run } = await startFleet([]);
    expect(await run('events', ...argv)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});

describe('events --follow', () => {
  test('shows the last ones and then each as it happens, in order, until a signal', async () => {
    const { run, data, cloudly, fleet, nodeId } = await startFleet(twoShops.slice(0, 1));
    const ending = new AbortController();
    let written = '';
    const following = runCommandWith(
      {
        trapSignals: () => ending.signal,
        stdout: {
          write(text) {
            written += text;
            if (text.includes('is no longer revoked')) ending.abort();
          },
        },
      },
      'events',
      '--follow',
      '--limit',
      '1',
      '--data',
      data,
    );
    await expect.poll(() => written).toMatch(/^\S+Z a-1 registered with join token \S+\n$/);
    await run('node', 'revoke', 'a-1');
    await fleet.unrevoke(nodeId('a-1'));
    expect(await following).toMatchObject({ exitCode: 0, stderr: '' });
    expect(written.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^\S+Z a-1 was revoked, by cli:\S+$/),
      expect.stringMatching(/^\S+Z a-1 is no longer revoked, by host:test$/),
      '',
    ]);
    await cloudly.close();
  });

  test('gives programs a line of JSON for each', async () => {
    const { data } = await startFleet(twoShops.slice(0, 1));
    const ending = new AbortController();
    let written = '';
    const { exitCode } = await runCommandWith(
      {
        trapSignals: () => ending.signal,
        stdout: {
          write(text) {
            written += text;
            if (lineCount(written) === 2) ending.abort();
          },
        },
      },
      'events',
      '--follow',
      '--json',
      '--data',
      data,
    );
    expect([exitCode, lineCount(written)]).toEqual([0, 2]);
    const kinds = written
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).toEqual(['join-token-created', 'node-registered']);
  });

  test('follows a server by its stream', async () => {
    const store = createMemoryStore();
    const fleet = createFleet({ store });
    const boss = { actor: 'operator:boss', role: 'admin' } as const;
    await fleet.saveView(boss, { id: randomUUID(), name: 'before', selector: '' });
    const server = await startApi(store, boss);
    const ending = new AbortController();
    let written = '';
    const following = runCommandWith(
      {
        env: { CLOUDLY_TOKEN: TOKEN },
        trapSignals: () => ending.signal,
        stdout: {
          write(text) {
            written += text;
            if (text.includes('after')) ending.abort();
          },
        },
      },
      'events',
      '--follow',
      '--server',
      server,
    );
    await expect.poll(() => written).toMatch(/^\S+Z View before was saved, by operator:boss\n$/);
    await fleet.saveView(boss, { id: randomUUID(), name: 'after', selector: '' });
    expect(await following).toMatchObject({ exitCode: 0, stderr: '' });
    expect(written.split('\n').slice(1)).toEqual([
      expect.stringMatching(/Z View after was saved, by operator:boss$/),
      '',
    ]);
  });
});
