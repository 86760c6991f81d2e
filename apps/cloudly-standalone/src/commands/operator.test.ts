import { describe, expect, test } from 'vitest';
import { runCommand, runCommandWith } from '../../test/run-command.js';
import { startServer } from '../../test/start-server.js';

const PASSWORD = 'correct horse battery';

async function setUp() {
  const server = await startServer();
  const run = (...argv: string[]) => runCommand(...argv, '--data', server.data);
  const json = async (...argv: string[]) =>
    JSON.parse((await run(...argv, '--json')).stdout) as Record<string, unknown>;
  /** As the page does it. */
  const accept = async (link: unknown, body: Record<string, string> = {}) => {
    const [url = '', invitation = ''] = String(link).split('/invitation#');
    return fetch(`${url}/api/v1/invitations/accept`, {
      method: 'POST',
      headers: { origin: url, 'content-type': 'application/json' },
      body: JSON.stringify({ invitation, password: PASSWORD, ...body }),
    });
  };
  const statusOf = async (token: unknown) =>
    (await fetch(`${server.apiUrl}/api/v1/me`, { headers: { authorization: `Bearer ${String(token)}` } })).status;
  return { server, run, json, accept, statusOf };
}

describe('operators', () => {
  test('are invited, the first one as admin, listed, changed and removed', async () => {
    const { run, json, accept } = await setUp();
    expect((await run('operator', 'list')).stderr).toContain('There are no operators.');
    const first = await run('operator', 'invite');
    expect(first.stderr).toMatch(/^Whoever opens the link becomes the first operator, who may do everything, until/);
    expect((await accept(first.stdout.trim(), { name: 'ada' })).status).toBe(201);

    const { link, name, role } = await json(
      'operator',
      'invite',
      'ben',
      '--role',
      'view',
      '--scope',
      'label.site=berlin',
    );
    expect([name, role]).toEqual(['ben', 'view']);
    expect((await accept(link)).status).toBe(201);
    expect((await accept(link)).status).toBe(404);
    expect((await run('operator', 'list')).stdout).toMatch(
      /^NAME +ROLE +SCOPE +JOINED +INVITED BY\nada +admin +.* cli:\S+\nben +view +label\.site=berlin +.* cli:\S+\n$/,
    );

    const changed = await run('operator', 'change', 'ben', '--role', 'operate', '--whole-fleet');
    expect(changed.stderr).toBe('Operator ben has the role operate for the whole fleet.\n');
    expect(await json('operator', 'change', 'ben', '--scope', 'label.site=bonn')).toMatchObject({
      role: 'operate',
      scope: 'label.site=bonn',
    });
    expect((await run('operator', 'remove', 'ben')).stderr).toBe('Operator ben is removed.\n');
    expect(await json('operator', 'list')).toMatchObject([{ name: 'ada' }]);
    const kinds = (await run('events', '--audit', '--csv')).stdout;
    for (const kind of ['operator-invited', 'operator-joined', 'operator-changed', 'operator-removed']) {
      expect(kinds).toContain(kind);
    }
  });

  test('set a new password by a link', async () => {
    const { run, json, accept, server } = await setUp();
    await accept((await json('operator', 'invite'))['link'], { name: 'ada' });
    const { link } = await json('operator', 'reset', 'ada');
    expect((await accept(link, { password: 'another long password' })).status).toBe(201);
    const { operators, sessions } = await server.store.accounts.read();
    expect(operators).toHaveLength(1);
    // Only the one that the new password has begun.
    expect(sessions).toHaveLength(1);
    expect((await run('operator', 'reset', 'eve')).stderr).toContain('There is no operator eve');
  });

  test.each([
    [['operator', 'invite', 'ben'], 2, '--role is missing. Give one of view, operate, admin.'],
    [['operator', 'invite', 'ben', '--role', 'root'], 2, '--role must be one of view, operate, admin'],
    [['operator', 'invite', 'Ben Miller', '--role', 'view'], 2, 'A name consists of the letters a to z'],
    [['operator', 'invite', 'ben', '--role', 'view', '--scope', 'state:late'], 2, 'A scope consists of labels alone'],
    [['operator', 'invite', 'ben', '--role', 'view', '--url', 'fleet'], 2, '--url must be the URL at which'],
    [['operator', 'invite', 'ada', '--role', 'view'], 1, 'An operator ada exists, or existed. Choose another name'],
    [['operator', 'invite'], 1, 'There is an operator already. Give the name of the one whom you invite'],
    [['operator', 'change', 'ada'], 2, 'Give --role, --scope or --whole-fleet'],
    [['operator', 'change', 'ada', '--role', 'view'], 1, 'ada is the last admin of the whole fleet'],
    [['operator', 'change', 'eve', '--role', 'view'], 1, 'There is no operator eve. `operator list` shows all'],
    [['operator', 'remove', 'ada'], 1, 'ada is the last admin of the whole fleet. Make somebody else an admin'],
    [['operator', 'remove', 'eve'], 1, 'There is no operator eve'],
  ])('%j is refused', async (argv, exitCode, message) => {
    const { run, json, accept } = await setUp();
    await accept((await json('operator', 'invite'))['link'], { name: 'ada' });
    expect(await run(...argv)).toMatchObject({ exitCode, stderr: expect.stringContaining(message) as string });
  });

  test('are invited by a link to --url, where the server does not say where it is', async () => {
    const { run } = await setUp();
    const { stdout } = await run('operator', 'invite', '--url', 'https://fleet.example/ops/');
    expect(stdout).toMatch(/^https:\/\/fleet\.example\/ops\/invitation#boi_\w+\n$/);
    const everywhere = await startServer({ host: '0.0.0.0' });
    const refused = await runCommand('operator', 'invite', '--data', everywhere.data);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('with --url') as string });
  });
});

describe('an API token', () => {
  test('is created for a program, which calls with it until it is revoked', async () => {
    const { run, json, statusOf } = await setUp();
    const { stdout, stderr } = await run('operator', 'token', 'create', 'ci', '--role', 'operate');
    expect(stdout).toMatch(/^bot_\w+\n$/);
    expect(stderr).toBe(
      'API token ci has the role operate for the whole fleet, until it is revoked. It is not shown again.\n',
    );
    expect(await statusOf(stdout.trim())).toBe(200);

    const created = await json(
      'operator',
      'token',
      'create',
      'lab',
      '--role',
      'view',
      '--scope',
      'label.site=lab',
      '--expires',
      '7d',
    );
    expect(created).toMatchObject({
      token: expect.stringMatching(/^bot_/) as string,
      name: 'lab',
      state: 'usable',
      role: 'view',
      scope: 'label.site=lab',
      expiresAt: expect.stringMatching(/Z$/) as string,
    });
    expect((await run('operator', 'token', 'list')).stdout).toMatch(
      /^ID +NAME +STATE +ROLE +SCOPE +USED +EXPIRES\n\w+ +ci +usable +operate +.* never\n\w+ +lab +usable +view +label\.site=lab +never +in [67] d\n$/,
    );
    const revoked = await json('operator', 'token', 'revoke', 'ci', '--reason', 'leaked');
    expect(revoked).toMatchObject({ name: 'ci', state: 'revoked', revokedReason: 'leaked' });
    expect(await statusOf(stdout.trim())).toBe(401);
    expect(await statusOf(created['token'])).toBe(200);
  });

  test.each([
    [['create', 'ci'], 2, '--role is missing'],
    [['create', 'ci', '--role', 'view'], 1, 'An API token ci exists, or existed. Choose another name'],
    [['create', 'new', '--role', 'view', '--expires', '0s'], 2, '--expires must be a duration from 1s'],
    [['revoke', 'other'], 1, 'There is no API token other. `operator token list` shows all of them.'],
  ])('%j is refused', async (argv, exitCode, message) => {
    const { run } = await setUp();
    if (argv.length > 2 || argv[0] === 'revoke') await run('operator', 'token', 'create', 'ci', '--role', 'view');
    const refused = await run('operator', 'token', ...argv);
    expect(refused).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(message) as string });
  });
});

describe('a command about operators', () => {
  test('works from another machine, with an API token of the server', async () => {
    const { run, server, accept, statusOf } = await setUp();
    const made = await run('operator', 'token', 'create', 'laptop', '--role', 'admin');
    const remotely = (...argv: string[]) =>
      runCommandWith({ env: { CLOUDLY_TOKEN: made.stdout.trim(), CLOUDLY_SERVER: server.apiUrl } }, ...argv);

    const invited = await remotely('operator', 'invite', 'ben', '--role', 'view');
    expect(invited.stdout).toMatch(new RegExp(`^${server.apiUrl}/invitation#boi_`));
    expect((await accept(invited.stdout.trim())).status).toBe(201);
    expect((await remotely('operator', 'change', 'ben', '--role', 'operate')).exitCode).toBe(0);
    expect((await remotely('operator', 'list', '--json')).stdout).toContain('"operate"');
    expect((await remotely('operator', 'reset', 'ben')).stdout).toContain('#boi_');
    const created = await remotely('operator', 'token', 'create', 'ci', '--role', 'view');
    expect(await statusOf(created.stdout.trim())).toBe(200);
    expect((await remotely('operator', 'token', 'list', '--json')).stdout).toContain('"token:laptop"');
    expect((await remotely('operator', 'remove', 'ben')).stderr).toBe('Operator ben is removed.\n');
    expect((await remotely('operator', 'token', 'revoke', 'laptop')).exitCode).toBe(0);
    expect(await statusOf(created.stdout.trim())).toBe(401);
    expect(await remotely('operator', 'list')).toMatchObject({ exitCode: 1, stdout: '' });
  });

  test('makes the first operator on the database alone', async () => {
    const { run, server } = await setUp();
    const made = await run('operator', 'token', 'create', 'laptop', '--role', 'admin');
    const env = { CLOUDLY_TOKEN: made.stdout.trim() };
    const refused = await runCommandWith({ env }, 'operator', 'invite', '--server', server.apiUrl);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('the database itself') as string });
  });
});

describe('a server that takes passwords in the clear', () => {
  test('says so at each start', async () => {
    const { data, close } = await startServer();
    await close();
    const serve = (...argv: string[]) => runCommand('serve', '--port', '0', '--data', data, ...argv);
    expect((await serve('--allow-plain-http')).stderr).toContain(
      'warn  Passwords of operators are accepted on plain HTTP',
    );
    expect((await serve()).stderr).not.toContain('Passwords');
  });
});

describe('the link for the first operator', () => {
  const serve = async (terminal: object, ...argv: string[]) => {
    const { data, close } = await startServer();
    await close();
    const readInput = async () => '';
    return runCommandWith({ terminal: { readInput, ...terminal } }, 'serve', '--port', '0', '--data', data, ...argv);
  };

  test('is shown to a person at the terminal', async () => {
    const { stderr, stdout } = await serve({ showProgress: () => undefined });
    expect(stderr).toMatch(/\nTo become the first operator, open this link until \S+:\nhttp:\S+\/invitation#boi_\w+\n/);
    expect(stdout).toBe('');
  });

  test('is printed where somebody asks for it, and is in no log', async () => {
    const { stderr, stdout } = await serve({}, '--print-invite');
    expect(stdout).toMatch(/\/invitation#boi_\w+\n$/);
    expect(stderr).not.toContain('boi_');
  });

  test('is not made otherwise: the log names the command that makes it', async () => {
    const { stderr, stdout } = await serve({});
    expect(stderr).toContain(
      'There are no operators yet. `the-program operator invite` makes a link for the first one.',
    );
    expect(stderr + stdout).not.toContain('boi_');
  });
});
