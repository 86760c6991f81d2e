import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { operatorCommand } from './operator-command.js';

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'operator-command-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'file');
}

test('a command line goes to a shell with its placeholders filled in', async () => {
  const file = temporaryFile();
  await operatorCommand(`echo "{nodeId} {kind} {other} {nodeId}" > ${file}`)({ nodeId: 'node-1', kind: 'blink' });
  expect(readFileSync(file, 'utf8')).toBe('node-1 blink {other} node-1\n');
});

test('a value that a shell could interpret is rejected', async () => {
  const run = operatorCommand('echo {commandId}');
  await expect(run({ commandId: '$(id)' })).rejects.toThrow('The commandId of Cloudly cannot be used in a command');
});

test('a failed command is reported with its exit and its last output', async () => {
  const run = operatorCommand('echo on stdout; echo there is no node {nodeId} >&2; exit 3');
  await expect(run({ nodeId: 'node-1' })).rejects.toThrow(/ended with 3: there is no node node-1$/);
});

test('a missing command is reported', async () => {
  await expect(operatorCommand('/nowhere/command')({})).rejects.toThrow(/ended with 127/);
});

test('a command that does not end is killed, with everything it started', async () => {
  const file = temporaryFile();
  const run = operatorCommand(`(sleep 60; echo late > ${file}) & echo $! > ${file}; wait`, 500);
  await expect(run({})).rejects.toThrow('did not end within 500 ms');
  const pid = Number(readFileSync(file, 'utf8'));
  await expect.poll(() => isRunning(pid)).toBe(false);
});

/** A process that has ended but was not yet waited for is not running. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
