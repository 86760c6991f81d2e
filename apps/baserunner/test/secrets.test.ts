import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

const commands = [['status'], ['check-supervisor'], ['request-update'], ['request-update', '--force']];

describe.each(['pretty', 'json'])('with the most verbose log (%s)', (format) => {
  it('no secret reaches output, log or run directory, whatever goes well or wrong', async () => {
    const joinToken = await rig.createJoinToken();
    const env = rig.env({ BASEOS_JOIN_TOKEN: joinToken, BASEOS_LOG_FORMAT: format });
    const texts: string[] = [];
    const runCommands = async (environment: Record<string, string>): Promise<void> => {
      for (const argv of commands) {
        const { stdout, stderr } = await rig.run(argv, environment);
        texts.push(stdout, stderr);
      }
    };

    const enrolled = rig.start(env);
    await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    await runCommands(env);
    texts.push(...(await readFiles(rig.runDirectory)));
    await rig.stopCloudly();
    await enrolled.logged(/unreachable/);
    await runCommands({ ...env, BALENA_SUPERVISOR_API_KEY: 'canarykey1' });
    await enrolled.end();

    rig.supervisor.setFault('html');
    const alone = rig.start({ ...env, BALENA_SUPERVISOR_API_KEY: 'canarykey1' });
    await alone.logged(/unreachable/);
    await runCommands(env);
    await alone.end();
    texts.push(enrolled.stdout, enrolled.stderr, alone.stdout, alone.stderr);

    const secrets = [joinToken, rig.supervisor.apiKey, 'canarykey1', ...(await storedSecrets())];
    expect(secrets.length).toBeGreaterThan(4);
    for (const secret of secrets) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    expect(texts.filter((text) => /b[jn]t_\w{11}_\w/.test(text))).toEqual([]);
  });
});

/** Every long word of the state directory that is not known to be public. */
async function storedSecrets(): Promise<string[]> {
  const nodeId = rig.eventsOf('node-registered')[0]?.nodeId ?? '';
  const cloudlyId = await readCloudlyId();
  const words = (await readFiles(rig.stateDirectory)).flatMap((text) => text.match(/[\w-]{32,}/g) ?? []);
  return [...new Set(words)].filter((word) => word !== nodeId && word !== cloudlyId);
}

async function readCloudlyId(): Promise<string | undefined> {
  const { cloudly } = await rig.status(rig.env());
  return (cloudly as { cloudlyId?: string }).cloudlyId;
}

async function readFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return Promise.all(entries.filter((entry) => entry.isFile()).map(({ name }) => readFile(join(folder, name), 'utf8')));
}
