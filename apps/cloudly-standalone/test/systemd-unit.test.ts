import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { expect, test } from 'vitest';
import { readServeFlags, serveFlags } from '../src/serve/serve-flags.js';

const path = join(import.meta.dirname, '../systemd/cloudly.service');
const unit = readFileSync(path, 'utf8');

test('the unit starts the server by flags that it has', () => {
  const [, line = ''] = /^ExecStart=(.*)$/m.exec(unit.replaceAll('\\\n', '')) ?? [];
  const words = line.split(/\s+/);
  const flags = words.slice(words.indexOf('serve') + 1).filter((word) => word.startsWith('--'));
  expect(flags.length).toBeGreaterThan(4);
  expect(flags.filter((flag) => !Object.hasOwn(serveFlags, flag.slice(2)))).toEqual([]);
  const args = Object.fromEntries(flags.map((flag) => [flag.slice(2), words[words.indexOf(flag) + 1]]));
  expect(readServeFlags(args as never, {}).service).toMatchObject({ host: '::', port: 8443 });
});

const isMissing = spawnSync('systemd-analyze', ['--version']).status !== 0;

test.skipIf(isMissing)(
  'systemd finds no mistake in the unit, and little that it exposes (needs systemd-analyze)',
  () => {
    const copy = join(temporaryFolder(), 'cloudly.service');
    // Node may be elsewhere on this machine.
    writeFileSync(copy, unit.replace('/usr/bin/node', process.execPath));
    expect(execFileSync('systemd-analyze', ['verify', copy], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
    // Of 100. It must reach the network, which alone counts for ten.
    const judged = spawnSync('systemd-analyze', ['security', '--offline=yes', '--threshold=20', copy], {
      encoding: 'utf8',
    });
    expect([judged.status, judged.stderr]).toEqual([0, '']);
  },
);
