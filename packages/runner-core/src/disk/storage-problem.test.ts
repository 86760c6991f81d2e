import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFileSystem } from '../ports/node-file-system.js';
import { writeDurably } from './durable-write.js';
import { inSentences } from '../values/problem.js';
import { storageProblem } from './storage-problem.js';

let directory: string;
let statePath: string;
let undo: (() => void)[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'baseos-problem-'));
  statePath = join(directory, 'state.json');
  undo = [];
});
afterEach(() => {
  for (const step of undo.toReversed()) step();
  rmSync(directory, { recursive: true });
});

async function wordsOf(error: unknown, path: string): Promise<string> {
  return inSentences(await storageProblem(nodeFileSystem, error, path));
}

function run(program: string, ...argv: string[]): void {
  void execFileSync(program, argv, { stdio: 'ignore' });
}

function works(attempt: () => void): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0;
const canMount = isRootOnLinux && works(() => run('unshare', '--mount', 'true'));

/** Needs loop devices, which some containers do not have. */
const canMountDisk =
  canMount &&
  works(() => {
    const place = mkdtempSync(join(tmpdir(), 'baseos-disk-'));
    try {
      run('mkfs.ext4', '-q', join(place, 'image'), '8m');
      mkdirSync(join(place, 'disk'));
      run('mount', '-o', 'loop', join(place, 'image'), join(place, 'disk'));
      run('umount', join(place, 'disk'));
    } finally {
      rmSync(place, { recursive: true });
    }
  });

function mount(path: string, ...argv: string[]): void {
  run('mount', ...argv, path);
  undo.push(() => run('umount', '--lazy', path));
}

async function problemOfWrite(): Promise<string> {
  return writeDurably(nodeFileSystem, statePath, Buffer.from('{}')).then(
    () => 'it was written',
    async (error: unknown) => wordsOf(error, statePath),
  );
}

describe.runIf(canMount)('a write that fails (needs root, and to mount)', () => {
  test('because the file is a mount point says to mount its directory', async () => {
    writeFileSync(statePath, '');
    writeFileSync(join(directory, 'elsewhere'), '');
    mount(statePath, '--bind', join(directory, 'elsewhere'));
    expect(await problemOfWrite()).toBe(
      `${statePath} is a mount point, so it cannot be replaced. Mount its directory ${directory} instead of the file.`,
    );
    expect(readdirSync(directory).toSorted()).toEqual(['elsewhere', 'state.json']);
  });

  test('because the file to set aside is a mount point names that file, not its new name', async () => {
    writeFileSync(statePath, '');
    mount(statePath, '--bind', '/dev/null');
    const problem = await nodeFileSystem.rename(statePath, `${statePath}.damaged-1`).then(
      () => 'it was renamed',
      async (error: unknown) => wordsOf(error, statePath),
    );
    expect(problem).toMatch(new RegExp(`^${statePath} is a mount point`));
  });

  test('for lack of inodes says so, and does not call the disk full', async () => {
    mount(directory, '-t', 'tmpfs', '-o', 'size=1m,nr_inodes=2', 'tmpfs');
    writeFileSync(join(directory, 'filler'), '');
    expect(await problemOfWrite()).toMatch(/can hold no more files: it has no inodes left\. Remove files/);
  });

  test('because the disk is full says so', async () => {
    mount(directory, '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs');
    works(() => writeFileSync(join(directory, 'filler'), Buffer.alloc(1024 * 1024)));
    expect(await problemOfWrite()).toMatch(/The disk of .* is full\. Free some space/);
  });

  test('because the disk is read-only says to mount a writable one', async () => {
    mount(directory, '-t', 'tmpfs', '-o', 'ro', 'tmpfs');
    expect(await problemOfWrite()).toMatch(/read-only file system\. Mount a writable volume/);
  });

  test.runIf(canMountDisk).each(['i', 'a'])(
    'because the file has the attribute %s says how to remove it',
    async (attribute) => {
      run('mkfs.ext4', '-q', join(directory, 'image'), '8m');
      const disk = join(directory, 'disk');
      mkdirSync(disk);
      mount(disk, '-o', 'loop', join(directory, 'image'));
      statePath = join(disk, 'state.json');
      writeFileSync(statePath, '');
      run('chattr', `+${attribute}`, statePath);
      undo.push(() => run('chattr', `-${attribute}`, statePath));
      expect(await problemOfWrite()).toBe(
        `${disk} or ${statePath} is marked as immutable or append-only. As root, run: chattr -i -a ${disk} ${statePath}`,
      );
    },
  );
});

describe('a write that fails', () => {
  test.each(['state.json', 'state.json.tmp'])('because %s is a directory names exactly that path', async (name) => {
    mkdirSync(join(directory, name));
    expect(await problemOfWrite()).toMatch(new RegExp(`^${join(directory, name)} is a directory`));
  });

  test('because the directory is not accessible to its own user says how to make it accessible', async () => {
    chmodSync(directory, 0o500);
    undo.push(() => chmodSync(directory, 0o700));
    // Root is not refused by that, so the refusal is given to it.
    const error = Object.assign(new Error('refused'), { code: 'EACCES', path: `${statePath}.tmp` });
    expect(await wordsOf(error, statePath)).toMatch(
      new RegExp(`^${directory} is not accessible even to its owner .*Run: chmod u\\+rwX ${directory}$`),
    );
  });
});

describe('an error code of the system', () => {
  const ofCode = async (code: string, members: object = {}): Promise<string> =>
    wordsOf(Object.assign(new Error(code), { code, ...members }), statePath);

  test.each(Object.keys(constants.errno))('%s has a sentence with a place, and a remedy', async (code) => {
    const problem = await ofCode(code, { syscall: 'open' });
    expect(problem).toContain(/^(?:EFBIG|EACCES|EPERM)$/.test(code) ? '' : directory);
    expect(problem).toMatch(
      /\. .*\b(?:mount|raise|[Cc]orrect|[Ff]ree|Find out|Check|repair|replace|Raise|run|Shorten|allow|names? a file|to a file)/i,
    );
    expect(problem).not.toMatch(/undefined/);
  });

  test('has one cause, and each cause has its own sentence', async () => {
    const codes =
      'EROFS ENOSPC EDQUOT EBUSY ENAMETOOLONG EMFILE ENOMEM EIO EUCLEAN ENODEV EFBIG ESTALE ENOTSUP EXDEV ENOTDIR ELOOP';
    const problems = await Promise.all(codes.split(' ').map(async (code) => ofCode(code, { syscall: 'write' })));
    expect(new Set(problems).size).toBe(problems.length);
  });

  test('that libuv does not name is recognised by its number', async () => {
    expect(await ofCode('Unknown system error -117')).toMatch(/file system of .* is damaged/);
    expect(await ofCode('Unknown system error -9999', { syscall: 'open' })).toMatch(/cannot be used \(open: Unknown/);
  });
});

test.runIf(process.platform === 'linux').each([
  ['/proc/self/state.json', 'EPERM', '/proc/self'],
  ['/proc/1/x/y/state.json', 'EPERM', '/proc/1'],
  ['/sys/kernel/state.json', 'EACCES', '/sys/kernel/state.json'],
])(
  'about a kernel path, %s, is reported as such, with no advice to change anything there',
  async (path, code, blocked) => {
    const error = Object.assign(new Error(code), { code, path: blocked, syscall: 'access' });
    expect(await wordsOf(error, path)).toMatch(/is in a file system of the kernel, .*\. Correct BASEOS_STATE_PATH\.$/);
  },
);

test('never advises removing a directory above the state file', async () => {
  const error = Object.assign(new Error('EWHATEVER'), { code: 'EWHATEVER', path: directory, syscall: 'access' });
  const problem = await wordsOf(error, join(directory, 'a', 'b', 'state.json'));
  expect(problem).not.toContain('Remove');
});
