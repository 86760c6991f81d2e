import { execFileSync } from 'node:child_process';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

/** Objects that can be at a path in place of a file. Only the huge one is a file. */
const strangers: Record<string, (path: string) => Promise<string>> = {
  'a FIFO': async (path) => {
    execFileSync('mkfifo', [path]);
    return path;
  },
  'a directory': async (path) => {
    await mkdir(path);
    return path;
  },
  'a socket': async (path) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());
    return path;
  },
  'a huge file': async (path) => {
    await writeFile(path, '');
    await truncate(path, 64 * 1024 ** 3);
    return path;
  },
  'an endless device': async () => '/dev/zero',
  'a terminal': async () => '/dev/tty',
};

const kinds = Object.keys(strangers);

async function make(kind: string, path: string): Promise<string> {
  return (await strangers[kind]?.(path)) ?? path;
}

/** Each ends on its own, in bounded memory, whatever its input. */
const commands = [['start'], ['status'], ['doctor'], ['identity', 'show'], ['diagnose', '--output', '-']];
const heap = ['--max-old-space-size=128'];

describe.runIf(process.platform === 'linux')('in place of a file', () => {
  test.each(kinds)('%s named by each variable is an error, and blocks no command', async (kind) => {
    const variables = ['BASEOS_CA_FILE', 'BASEOS_JOIN_TOKEN_FILE', 'BALENA_SUPERVISOR_API_KEY_FILE'];
    const paths: Record<string, string> = {};
    for (const name of variables) paths[name] = await make(kind, join(rig.folder, name));
    const env = rig.env({ BASEOS_CLOUDLY_URL: 'https://127.0.0.1:9', BALENA_SUPERVISOR_API_KEY: undefined, ...paths });
    for (const command of commands) {
      const { exitCode, stderr } = await rig.run(command, env, heap);
      expect({ command, exitCode }).not.toMatchObject({ exitCode: null });
      if (command[0] !== 'start') continue;
      expect({ exitCode, named: variables.filter((name) => stderr.includes(name)), stderr }).toMatchObject({
        exitCode: 2,
        named: variables,
      });
    }
  });

  test.each(kinds.filter((kind) => !/device|terminal/.test(kind)))(
    '%s in the agent’s own directories blocks no reader',
    async (kind) => {
      await mkdir(rig.runDirectory, { mode: 0o700 });
      await make(kind, rig.statePath);
      await make(kind, `${rig.statePath}.bak`);
      await make(kind, join(dirname(rig.statePath), 'last-hang.json'));
      await make(kind, join(rig.runDirectory, 'status.json'));
      await make(kind, join(rig.runDirectory, 'recent-log.jsonl'));
      for (const command of commands.slice(1)) {
        expect((await rig.run(command, rig.env(), heap)).exitCode).not.toBeNull();
      }
    },
  );

  test('a FIFO at the state file stays, and the agent waits and says why', async () => {
    await make('a FIFO', rig.statePath);
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    await agent.logged(/state\.json is a pipe, a socket or a device, not a file/);
    expect(rig.eventsOf('node-registered')).toEqual([]);
    expect(execFileSync('stat', ['-c', '%F', rig.statePath], { encoding: 'utf8' })).toBe('fifo\n');
  });
});
