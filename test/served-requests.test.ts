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
const program = join(root, 'test/served-requests/serve-requests.mjs');

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

describe.each(runtimes)('a server of $name', ({ name, executable, flags }) => {
  const isInstalled = existsSync(executable);
  const folder = mkdtempSync(join(tmpdir(), 'baseos-served-requests-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.skipIf(!isInstalled && !process.env['CI'])(
    `reports a body that was consumed, and frees the place of a node that leaves (needs ${installCommand})`,
    async () => {
      expect(isInstalled, `${name} is not here: ${installCommand}`).toBe(true);
      const { stdout } = await run(executable, [...flags(folder), program], { cwd: root });
      expect(JSON.parse(stdout)).toEqual({
        bodies: {
          'left alone': judged,
          'read as a copy': judged,
          read,
          'read in part': read,
          'read in part, by a loop': read,
          'being read': held,
          'split in two': held,
          'piped away': read,
          cancelled: read,
        },
        waiting: { before: 1, client: 'AbortError', after: 0, errors: [] },
      });
    },
  );
});
