import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Program } from '@serve.zone/baseos-testing/processes/program';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

interface ImpossiblePath {
  name: string;
  /** Makes it, and gives the state path. */
  make: () => Promise<string>;
  /** What the one sentence says. */
  says: RegExp;
  /** Makes it possible while the agent runs. */
  mend?: () => Promise<unknown>;
}

function place(...names: string[]): string {
  return join(rig.folder, ...names);
}

async function link(target: string, ...names: string[]): Promise<void> {
  return symlink(target, place(...names));
}

function fifo(path: string): void {
  void execFileSync('mkfifo', [path]);
}

const paths: ImpossiblePath[] = [
  {
    name: 'below a dangling link',
    make: async () => {
      await link(place('disk', 'baseos'), 'link');
      return place('link', 'state.json');
    },
    says: /The symbolic link \S+link leads to \S+disk\/baseos, and \S+disk is missing\..* Mount or create/,
    mend: async () => mkdir(place('disk', 'baseos'), { recursive: true }),
  },
  {
    name: 'several levels below a dangling link',
    make: async () => {
      await link('disk', 'link');
      return place('link', 'deeper', 'and-deeper', 'state.json');
    },
    says: /The symbolic link \S+link leads to disk, and \S+disk is missing/,
    mend: async () => mkdir(place('disk')),
  },
  {
    name: 'below a link to a dangling link',
    make: async () => {
      await link('second', 'first');
      await link('third', 'second');
      return place('first', 'state.json');
    },
    says: /The symbolic link \S+first leads to second, and \S+third is missing/,
    mend: async () => mkdir(place('third')),
  },
  {
    name: 'below links that lead to each other',
    make: async () => {
      await link('two', 'one');
      await link('one', 'two');
      return place('one', 'deeper', 'state.json');
    },
    says: /The symbolic link \S+one leads back to itself\..* Remove it/,
    mend: async () => unlink(place('one')),
  },
  {
    name: 'that is a link to itself',
    make: async () => {
      await link('state.json', 'state', 'state.json');
      return place('state', 'state.json');
    },
    says: /The symbolic link \S+state\.json leads back to itself\..* Remove it/,
    mend: async () => unlink(place('state', 'state.json')),
  },
  {
    name: 'that is a link into a missing directory',
    make: async () => {
      await link(place('disk', 'state.json'), 'state', 'state.json');
      return place('state', 'state.json');
    },
    says: /The symbolic link \S+state\.json leads to \S+disk\/state\.json, and \S+disk is missing/,
    mend: async () => mkdir(place('disk')),
  },
  {
    name: 'below a file',
    make: async () => {
      await writeFile(place('file'), '');
      return place('file', 'deeper', 'state.json');
    },
    says: /\S+file is a file, not a directory\..* Correct BASEOS_STATE_PATH/,
    mend: async () => unlink(place('file')),
  },
  {
    name: 'below a link to a file',
    make: async () => {
      await writeFile(place('file'), '');
      await link('file', 'link');
      return place('link', 'state.json');
    },
    says: /\S+file is a file, not a directory\..* Correct BASEOS_STATE_PATH/,
    mend: async () => unlink(place('link')),
  },
  {
    name: 'below a pipe',
    make: async () => {
      fifo(place('pipe'));
      return place('pipe', 'state.json');
    },
    says: /\S+pipe is a pipe, a socket or a device, not a directory/,
    mend: async () => unlink(place('pipe')),
  },
  {
    name: 'below a device',
    make: async () => '/dev/null/baseos/state.json',
    says: /\/dev\/null is a pipe, a socket or a device, not a directory/,
  },
  {
    name: 'in a place where directories cannot be created',
    make: async () => '/proc/baseos/state.json',
    says: /\/proc\/baseos is missing, and it cannot be created\..* Mount a volume/,
  },
  {
    name: 'that is a pipe',
    make: async () => {
      fifo(place('state', 'state.json'));
      return place('state', 'state.json');
    },
    says: /\S+state\.json is a pipe, a socket or a device, not a file\..* Remove it/,
    mend: async () => unlink(place('state', 'state.json')),
  },
  {
    name: 'that is a link to an endless device',
    make: async () => {
      await link('/dev/zero', 'state', 'state.json');
      return place('state', 'state.json');
    },
    says: /\/dev\/zero is a pipe, a socket or a device, not a file/,
    mend: async () => unlink(place('state', 'state.json')),
  },
  {
    name: 'that is a socket',
    make: async () => {
      const server = createServer().listen(place('state', 'socket'));
      await once(server, 'listening');
      await rename(place('state', 'socket'), place('state', 'state.json'));
      server.close();
      return place('state', 'state.json');
    },
    says: /\S+state\.json is a pipe, a socket or a device, not a file/,
    mend: async () => unlink(place('state', 'state.json')),
  },
  {
    name: 'that is a file too large to be a state',
    make: async () => {
      await writeFile(place('state', 'state.json'), Buffer.alloc(2 * 1024 * 1024));
      return place('state', 'state.json');
    },
    says: /\S+state\.json is larger than 1 MiB, so it is not a state file of this agent\..* Move it/,
    mend: async () => unlink(place('state', 'state.json')),
  },
  {
    name: 'that is a directory',
    make: async () => {
      await mkdir(place('state', 'state.json'));
      return place('state', 'state.json');
    },
    says: /\S+state\.json is a directory\..* Set BASEOS_STATE_PATH to a file in it/,
    mend: async () => rm(place('state', 'state.json'), { recursive: true }),
  },
  {
    name: 'whose temporary name is a directory',
    make: async () => {
      await mkdir(place('state', 'state.json.tmp'));
      return place('state', 'state.json');
    },
    says: /\S+state\.json\.tmp is a directory, but the agent needs a file of that name\..* Remove the directory/,
    mend: async () => rm(place('state', 'state.json.tmp'), { recursive: true }),
  },
  {
    name: 'whose name is too long',
    make: async () => place('state', 'n'.repeat(256)),
    says: /or a name in it, is too long: a name can have 255 bytes, and the agent needs 20 of them\..* Shorten/,
  },
  {
    name: 'whose name leaves no room for that of the temporary file',
    make: async () => place('state', 'n'.repeat(252)),
    says: /or a name in it, is too long/,
  },
  {
    name: 'with a directory whose name is too long',
    make: async () => place('d'.repeat(256), 'state.json'),
    says: /or a name in it, is too long/,
  },
];

/** What the process has had of a processor so far, in seconds. */
async function processorSeconds({ pid }: Program): Promise<number> {
  const [, times = ''] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ');
  const [, , , , , , , , , , , user = '', system = ''] = times.split(' ');
  return (Number(user) + Number(system)) / 100;
}

function errors({ stderr }: Program): string[] {
  return stderr.split('\n').filter((line) => / error /.test(line));
}

describe.runIf(process.platform === 'linux')('a state path', () => {
  test.each(paths)('$name is reported in one clear sentence, and the agent idles', async ({ make, says, mend }) => {
    const statePath = await make();
    const env = rig.env({ BASEOS_STATE_PATH: statePath, BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    const agent = rig.start(env);
    await agent.logged(says);
    const before = await processorSeconds(agent);
    // Some only fail on a write, which status does not try. For those, the agent reports the problem in its own status.
    await rig.statusThat(env, ({ notices, cloudly }) =>
      says.test(
        `${notices.map(({ message, remedy }) => `${message} ${remedy}`).join('\n')} ${cloudly.problem?.message} ${cloudly.problem?.remedy}`,
      ),
    );
    // Only the CPU time of an idle period shows that nothing spins.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect((await processorSeconds(agent)) - before).toBeLessThan(1);
    expect(errors(agent)).toHaveLength(1);
    expect(rig.events.entries).toEqual([]);
    if (mend) {
      await mend();
      await rig.event('heartbeat-received');
    }
    expect(rig.eventsOf('node-registered')).toHaveLength(mend ? 1 : 0);
    expect(await agent.end()).toEqual({ code: 0, signal: null });
  });
});
