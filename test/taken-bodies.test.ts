import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';
import { installCommand, runtimes } from './runtimes.js';

const run = promisify(execFile);
const program = join(root, 'test/taken-bodies/take-bodies.mjs');

/** The message has an invalid protocol, so this answer shows that the handlers have read it. */
const judged = { code: 'unsupported-protocol', errors: [] };

function told(fates: string): unknown {
  return {
    code: 'unavailable',
    errors: [expect.stringMatching(new RegExp(`^The body of POST \\S+ (${fates}) it reached the handlers\\. `))],
  };
}

const read = told('was read before');
// For Bun, a body that has a reader counts as read.
const held = told('was read before|had another reader when');

describe.each(runtimes)('in a server of $name, a body', ({ name, executable, flags }) => {
  const isInstalled = existsSync(executable);
  const folder = mkdtempSync(join(tmpdir(), 'baseos-taken-bodies-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.skipIf(!isInstalled && !process.env['CI'])(
    `that was consumed is reported as such, and never judged as empty (needs ${installCommand})`,
    async () => {
      expect(isInstalled, `${name} is not here: ${installCommand}`).toBe(true);
      const { stdout } = await run(executable, [...flags(folder), program], { cwd: root });
      expect(JSON.parse(stdout)).toEqual({
        'left alone': judged,
        'read as a copy': judged,
        read,
        'read in part': read,
        'read in part, by a loop': read,
        'being read': held,
        'split in two': held,
        'piped away': read,
        cancelled: read,
      });
    },
  );
});
