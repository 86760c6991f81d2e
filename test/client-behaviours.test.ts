import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';
import { behaviours } from './client-behaviours/behaviours.mjs';
import { serveEmulatedSupervisors, type EmulatedSupervisors } from './client-behaviours/emulated-supervisors.js';
import { installCommand, runtimes } from './runtimes.js';

const run = promisify(execFile);
const program = join(root, 'test/client-behaviours/show-behaviours.mjs');

describe.each(runtimes)("the Supervisor's client on $name", ({ name, executable, flags }) => {
  const isInstalled = existsSync(executable);
  const folder = mkdtempSync(join(tmpdir(), 'client-behaviours-'));
  let supervisors: EmulatedSupervisors;
  let shown = new Map<string, { ok: boolean; reason?: string }>();

  beforeAll(async () => {
    supervisors = await serveEmulatedSupervisors();
    if (!isInstalled) return;
    const { stdout } = await run(executable, [...flags(folder, 'any'), program], {
      cwd: root,
      timeout: 100_000,
      env: { PATH: process.env['PATH'], CONTROL_URL: supervisors.url, TMPDIR: folder },
    });
    const lines = stdout.trim().split('\n');
    shown = new Map(lines.map((line) => JSON.parse(line)).map(({ name: behaviour, ...rest }) => [behaviour, rest]));
  }, 120_000);

  afterAll(async () => {
    await supervisors.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.skipIf(!isInstalled && !process.env['CI']).each(Object.keys(behaviours))(
    `%s (needs ${installCommand})`,
    (behaviour) => {
      expect(isInstalled, `${name} is not here: ${installCommand}`).toBe(true);
      expect(shown.get(behaviour)).toEqual({ ok: true });
    },
  );
});
