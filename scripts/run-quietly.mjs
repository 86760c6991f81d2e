import { spawn } from 'node:child_process';

/** Runs a command of a shell. What it writes is given back instead of shown. */
export function runQuietly(command, cwd) {
  const startMs = performance.now();
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, { cwd, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.on('close', (code) => {
      resolve({ hasFailed: code !== 0, output, durationMs: performance.now() - startMs });
    });
  });
}

/** One line for a command that has ended; its output in full if it has failed. */
export function describeResult(name, { hasFailed, output, durationMs }) {
  const seconds = `${(durationMs / 1000).toFixed(1)} s`;
  return `${hasFailed ? 'FAIL' : 'ok  '} ${name.padEnd(44)} ${seconds.padStart(7)}\n${hasFailed ? `${output}\n` : ''}`;
}
