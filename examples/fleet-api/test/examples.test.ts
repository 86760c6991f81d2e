import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createFleetClient } from '@serve.zone/baseos-fleet-api';
import { expect, onTestFinished, test } from 'vitest';

/** Starts a program on a free port, and resolves with its URL once it listens. */
async function start(file: string): Promise<string> {
  const child = spawn(process.execPath, ['--no-warnings', file], {
    cwd: join(import.meta.dirname, '..'),
    env: { PATH: process.env['PATH'], PORT: '0', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const port = /port: (\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}: ${output}`)));
  });
}

test.for(['express.ts', 'hono.ts'])('%s lets its own users in, with their rights, and nobody else', async (file) => {
  const origin = await start(file);
  const clientBy = (token?: string) => createFleetClient({ url: `${origin}/cloudly`, token });
  const { record } = await clientBy('secret-of-ada').createJoinToken({ description: 'North' });
  expect(record).toMatchObject({ description: 'North', createdBy: 'host:ada' });
  expect((await clientBy('secret-of-vic').summary()).nodeCount).toBe(0);
  await expect(clientBy('secret-of-vic').createJoinToken()).rejects.toMatchObject({ code: 'role-insufficient' });
  await expect(clientBy('secret-of-eve').summary()).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(await (await fetch(origin)).text()).toBe('The rest of the application');
  // Nodes are served, too.
  const register = `${origin}/cloudly/baseos/v1/nodes/register`;
  expect((await fetch(register, { method: 'POST' })).status).toBe(415);
});
