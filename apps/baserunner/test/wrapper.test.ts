import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const wrapper = readFileSync(join(import.meta.dirname, '../container/baserunner'), 'utf8');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baserunner-wrapper-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.runIf(process.platform === 'linux')(
  '`baserunner` of the image is Node itself, and SIGUSR1 opens no inspector',
  async () => {
    // The image's Node, and in the agent's place a program that tells how it was started.
    symlinkSync(process.execPath, join(folder, 'node'));
    const program = `
    console.log('ready');
    process.stdin.resume().on('end', () => {
      const { pid, execArgv, argv } = process;
      console.log(JSON.stringify({ pid, execArgv, words: argv.slice(2), inspector: require('node:inspector').url() ?? null }));
    });`;
    writeFileSync(join(folder, 'cli.cjs'), program);
    const script = wrapper.replace('/opt/baserunner/cli.js', join(folder, 'cli.cjs'));
    const child = spawn('/bin/sh', ['-c', script, 'baserunner', 'start', 'two words'], {
      env: { PATH: folder },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stdout.once('data', () => {
      child.kill('SIGUSR1');
      child.stdin.end();
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(JSON.parse(output.replace('ready', ''))).toEqual({
      pid: child.pid,
      execArgv: expect.arrayContaining(['--disable-sigusr1']),
      words: ['start', 'two words'],
      inspector: null,
    });
  },
);
