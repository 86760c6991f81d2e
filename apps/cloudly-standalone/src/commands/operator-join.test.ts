import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { describe, expect, test } from 'vitest';
import { commandContext, runCommand, runCommandIn, runCommandWith } from '../../test/run-command.js';
import { startServer } from '../../test/start-server.js';
import type { Terminal } from '../terminal/terminal.js';

const PASSWORD = 'correct horse battery';

/** Somebody who types these answers, one after the other. */
function typing(...answers: (string | undefined)[]): Terminal {
  const ask = async () => answers.shift();
  return { ...commandContext().terminal, ask, askSecret: ask };
}

async function setUp() {
  const server = await startServer();
  const run = (...argv: string[]) => runCommand(...argv, '--data', server.data);
  const invite = async (...argv: string[]) => (await run('operator', 'invite', ...argv)).stdout.trim();
  const passwordFile = join(temporaryFolder(), 'password');
  writeFileSync(passwordFile, `${PASSWORD}\n`);
  const kinds = async () =>
    (await server.store.as({ actor: 'system', nowMs: 0 }).listEvents({ after: 0, limit: 100 })).map(({ kind }) => kind);
  return { server, run, invite, passwordFile, kinds };
}

describe('whoever has the link of an invitation', () => {
  test('is asked for it, a name and a password, and is the first operator', async () => {
    const { server, invite } = await setUp();
    const link = await invite();
    const terminal = typing(link, ' ada ', PASSWORD, PASSWORD);
    const { exitCode, stdout, stderr } = await runCommandWith({ terminal }, 'operator', 'join');
    expect([exitCode, stdout, stderr]).toEqual([
      0,
      '',
      'You are the operator ada, with the role admin for the whole fleet.\n',
    ]);
    const { operators, sessions, apiTokens } = await server.store.accounts.read();
    expect(operators.map(({ name }) => name)).toEqual(['ada']);
    expect([sessions, apiTokens]).toEqual([[], []]);
  });

  test('gives the password in a file and gets an API token with the same rights, without being asked', async () => {
    const { invite, run, passwordFile, kinds } = await setUp();
    await runCommand('operator', 'join', await invite(), '--name', 'ada', '--password-file', passwordFile);
    const link = await invite('ben', '--role', 'operate', '--scope', 'label.site=berlin');
    const joined = await runCommand(
      'operator',
      'join',
      link,
      '--password-file',
      passwordFile,
      '--api-token',
      'laptop',
      '--json',
    );
    const told = JSON.parse(joined.stdout) as Record<string, unknown>;
    expect(told).toEqual({
      name: 'ben',
      role: 'operate',
      scope: 'label.site=berlin',
      token: expect.stringMatching(/^bot_/),
    });
    const env = { CLOUDLY_TOKEN: String(told['token']), CLOUDLY_SERVER: new URL(link).origin };
    expect((await runCommandIn(env, 'node', 'list')).exitCode).toBe(0);
    expect((await runCommandIn(env, 'operator', 'list')).stderr).toContain('role');
    expect(await kinds()).toContain('api-token-created');
    expect((await run('operator', 'remove', 'ben')).exitCode).toBe(0);
    expect((await runCommandIn(env, 'node', 'list')).stderr).toContain('does not accept the token');
  });

  test('sets a new password by the link of a reset', async () => {
    const { invite, run, passwordFile } = await setUp();
    await runCommand('operator', 'join', await invite(), '--name', 'ada', '--password-file', passwordFile);
    const link = (await run('operator', 'reset', 'ada')).stdout.trim();
    const terminal = typing(undefined, 'another long password', 'another long password');
    expect((await runCommandWith({ terminal }, 'operator', 'join', link)).stderr).toBe(
      'You are the operator ada, with the role admin for the whole fleet.\n',
    );
  });

  test('keeps it if the password is refused, or was not typed twice alike', async () => {
    const { invite } = await setUp();
    const link = await invite();
    const joinTyping = async (...answers: (string | undefined)[]) =>
      runCommandWith({ terminal: typing('ada', ...answers) }, 'operator', 'join', link);
    expect(await joinTyping(PASSWORD, `${PASSWORD}.`)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('The two passwords differ. Nothing has changed.'),
    });
    expect(await joinTyping(undefined)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no answer') });
    expect((await joinTyping('short', 'short')).stderr).toContain('A password has at least 12 characters');
    expect((await joinTyping(PASSWORD, PASSWORD)).exitCode).toBe(0);
    expect(await joinTyping(PASSWORD, PASSWORD)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('invitation'),
    });
  });

  test.each([
    ['', 'Nobody can be asked here. Give the link.'],
    ['https://cloudly.example/', 'This is not the link of an invitation'],
    ['https://cloudly.example/invitation#bot_secret', 'This is not the link of an invitation'],
    ['ftp://cloudly.example/invitation#boi_secret', 'This is not the link of an invitation'],
    [
      'http://cloudly.example/invitation#boi_secret',
      'The network could read the password on its way to http://cloudly.example.',
    ],
    [
      'https://cloudly.example/ops/invitation#boi_secret',
      'Nobody can be asked here. Give a file that contains only your password',
    ],
  ])('%j: %s', async (link, message) => {
    const { exitCode, stderr } = await runCommand('operator', 'join', ...(link ? [link] : []));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('secret');
  });
});
