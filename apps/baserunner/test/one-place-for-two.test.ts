import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

describe('if one file of the agent would overwrite another', () => {
  test.each<[string, () => Promise<Record<string, string>>]>([
    ['by its name', async () => ({ BASEOS_STATE_PATH: join(rig.runDirectory, 'status.json') })],
    [
      'behind a link to the run directory',
      async () => {
        await symlink(rig.runDirectory, join(rig.folder, 'link'));
        return { BASEOS_STATE_PATH: join(rig.folder, 'link', 'status.json') };
      },
    ],
    [
      'behind a link in place of the state file',
      async () => {
        await symlink(join(rig.runDirectory, 'status.json'), rig.statePath);
        return {};
      },
    ],
    [
      'behind a link in the address of the metrics',
      async () => {
        await symlink(rig.stateDirectory, join(rig.folder, 'link'));
        return { BASEOS_METRICS_LISTEN: `unix:${join(rig.folder, 'link', 'state.json')}` };
      },
    ],
  ])('%s, the agent says so and does not start', async (_, make) => {
    await mkdir(rig.runDirectory);
    const env = rig.env(await make());
    const { exitCode, stderr } = await rig.run(['start'], env);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /- BASEOS_(STATE_PATH|METRICS_LISTEN) is .* one would overwrite the other\. Set BASEOS_(STATE_PATH|METRICS_LISTEN) to /,
    );
  });

  test('diagnose writes nothing there', async () => {
    await writeFile(join(rig.stateDirectory, 'other'), 'other');
    for (const output of [rig.statePath, `${rig.statePath}.last-good`, join(rig.runDirectory, 'status.json')]) {
      const { exitCode, stderr } = await rig.run(['diagnose', '--output', output], rig.env());
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`${output} is reserved for`);
      await expect(readFile(output)).rejects.toThrow('ENOENT');
    }
  });
});
