import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryFileSystem } from '../../test/memory-file-system.js';
import type { FileStatus } from '../ports/file-system.js';
import { readIdentity } from './read-identity.js';

const statePath = '/data/baseos/state.json';
const reader = process.geteuid?.() ?? 0;
const agent = reader + 1000;

/** Files and directories of the agent's user. */
class AgentsFileSystem extends MemoryFileSystem {
  override async status(path: string): Promise<FileStatus> {
    return { ...(await super.status(path)), uid: agent };
  }
}

function agentsDisk() {
  return new AgentsFileSystem().put(statePath, '{"nodeId":"node"}');
}

describe('the identity of another user’s agent', () => {
  test('that this user cannot read is unknown, and its owner is reported once, without advice to take it over', async () => {
    const fileSystem = agentsDisk();
    fileSystem.fault = () => 'EACCES';
    expect(await readIdentity({ statePath, fileSystem })).toEqual({
      source: 'unreadable',
      isDenied: true,
      notices: [
        {
          level: 'error',
          code: 'state-denied',
          message: 'This user is not allowed to read /data/baseos.',
          remedy: 'Run this command as the user of the agent.',
        },
      ],
    });
    fileSystem.fault = (call, path) => (call === 'status' && path !== statePath ? undefined : 'EACCES');
    expect((await readIdentity({ statePath, fileSystem })).notices).toEqual([
      {
        level: 'error',
        code: 'state-denied',
        message: expect.stringContaining(`/data/baseos belongs to user ${agent}`),
        remedy: `Run this command as user ${agent}.`,
      },
    ]);
  });

  test('that is readable but not writable is no problem of the agent', async () => {
    const fileSystem = agentsDisk();
    fileSystem.fault = (call) => (call === 'checkWritable' ? 'EACCES' : undefined);
    const { source, notices } = await readIdentity({ statePath, fileSystem });
    expect(source).toBe('legacy');
    expect(notices.at(-1)).toMatchObject({ remedy: `Run this command as user ${agent}.` });
    expect(JSON.stringify(notices)).not.toContain('chown');
  });

  test.each(['checkWritable', 'readFile'])(
    'comes with the fix for the user that runs the agent (%s is denied)',
    async (denied) => {
      const fileSystem = agentsDisk();
      fileSystem.fault = (call) => (call === denied ? 'EACCES' : undefined);
      const { notices } = await readIdentity({ statePath, isAgentsUser: true, fileSystem });
      expect(JSON.stringify(notices)).toContain('chown -R');
      expect(JSON.stringify(notices)).not.toContain('Run this command as user');
    },
  );
});

describe('a state directory', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'baseos-read-'));
  });
  afterEach(async () => rm(directory, { recursive: true }));

  test('that is a file is reported once', async () => {
    await writeFile(join(directory, 'file'), '');
    const { notices } = await readIdentity({ statePath: join(directory, 'file', 'state.json') });
    expect(notices).toMatchObject([{ level: 'error', message: expect.stringContaining('is a file, not a directory') }]);
  });

  test('with damaged files set aside is reported with a reminder', async () => {
    const path = join(directory, 'state.json');
    await writeFile(`${path}.damaged-1`, 'x');
    await utimes(`${path}.damaged-1`, 1_790_000_000, 1_790_000_000);
    await writeFile(`${path}.replaced-1`, 'x');
    const { notices } = await readIdentity({ statePath: path });
    expect(notices).toEqual([
      {
        level: 'warn',
        code: 'kept-aside',
        message: `Damaged files of this node's identity are kept aside in ${directory}: state.json.damaged-1 (last written 2026-09-21T14:13:20.000Z).`,
        remedy: 'If a node was lost, look at them; then delete them. The agent no longer needs them.',
      },
    ]);
  });
});
