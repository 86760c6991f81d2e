import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { commandPaths } from '@serve.zone/baseos-command-line';
import { commandContext, runCommand as run } from '../test/run-command.js';
import { mainCommand } from './commands/main.js';
import { startServer } from '../test/start-server.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

describe('help', () => {
  test.each([[[]], [['help']], [['--help']], [['-h']]])('for %j lists the commands', async (argv) => {
    const { exitCode, stdout, stderr } = await run(...argv);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('serve');
    expect(stdout).toContain('join-token');
  });

  test.each([[['help', 'join-token', 'create']], [['join-token', 'create', '--uses', '3', '--help']]])(
    'for %j lists the flags of the command',
    async (argv) => {
      const { exitCode, stdout } = await run(...argv);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('--expires');
      expect(stdout).toContain('24h');
    },
  );

  test('for every command fits in 80 columns, also with the longest name of the program', async () => {
    const paths = await commandPaths(mainCommand(commandContext()));
    expect(paths.length).toBeGreaterThan(20);
    for (const path of paths) {
      const { stdout } = await run('help', ...path);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });

  test('is there for every command in the README, too', async () => {
    const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
    const paths = await commandPaths(mainCommand(commandContext()));
    const commands = paths.filter(
      (path) =>
        !paths.some((other) => other.length > path.length && path.every((name, index) => other[index] === name)),
    );
    const isInTable = (path: readonly string[]) => new RegExp(`^\\| \`${path.join(' ')}[ \`]`, 'm').test(readme);
    expect(commands.length).toBeGreaterThan(20);
    expect(commands.filter((path) => !isInTable(path))).toEqual([]);
  });

  test('for a group lists its commands', async () => {
    expect((await run('join-token')).stdout).toContain('revoke');
  });
});

test('prints its version', async () => {
  expect(await run('--version')).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

type Refused = [argv: string[], told: string];

const hosts = [' 127.0.0.1', '127.0.0.1:80', 'http://127.0.0.1', '[localhost]', '/run/cloudly', 'a\nb'].map(
  (host): Refused => [['serve', '--host', host], '--host must be an IP address or a host name, without a port'],
);

const brokenUrls = ['\n', '\r\n', '\u2028', ' ', '\t', '\0', '\u007f', '\\'].map((character): Refused => [
  ['join-token', 'create', '--url', `https://cloudly.example/${character}BASEOS_STATE_PATH=/tmp`],
  'the address has a space, a backslash or a control character',
]);

const urlsForShells = Array.from(`"'\`$;&|<>(){}*!^`).map((character): Refused => [
  ['join-token', 'create', '--url', `https://cloudly.example/${character}(reboot)`],
  `contains ${character}, which has a meaning to a shell. Write it as %`,
]);

describe('an unknown command line', () => {
  test.each([
    [['server'], 'Unknown command "server". Did you mean "serve"?'],
    [['constructor'], 'Unknown command "constructor".'],
    [['help', 'nodes'], 'Unknown command "nodes". Did you mean "node"?'],
    [['join-token', 'craete'], 'Unknown command "craete". Did you mean "create"?'],
    [['--prot', '1'], 'Unknown flag "--prot".'],
    [['serve', '--prot', '1'], 'Unknown flag "--prot". Did you mean "--port"?'],
    [['serve', '-p'], 'Unknown flag "-p".'],
    [['serve', '--port'], '--port needs a value.'],
    [['serve', '--port='], '--port needs a value.'],
    [['serve', '--port', '1', '--port', '2'], '--port is given twice.'],
    [['serve', 'now'], 'Unexpected argument "now": serve takes flags only.'],
    [['serve', '--port', 'http'], '--port must be a whole number from 0 to 65535, but is "http".'],
    [['serve', '--port', '65536'], '--port must be a whole number from 0 to 65535, but is "65536".'],
    [['serve', '--heartbeat-interval', '1s'], '--heartbeat-interval must be a duration from 5s to 1h, such as'],
    [['serve', '--trust-proxy', '10.0.0.1,'], '--trust-proxy: "" is neither an IP address nor a network such as'],
    [['serve', '--trust-proxy', 'proxy.example'], '--trust-proxy: "proxy.example" is neither an IP address nor'],
    [['serve', '--trust-proxy', '10.0.0.0/33'], '--trust-proxy: "10.0.0.0/33" is not a network'],
    [['serve', '--trust-proxy', '::/0'], '--trust-proxy: "::/0" would make every client a trusted proxy'],
    [['serve', '--tls-cert', 'cert.pem'], '--tls-cert and --tls-key belong together.'],
    [['serve', '--tls-key', 'key.pem'], '--tls-cert and --tls-key belong together.'],
    ...hosts,
    [['serve', '--metrics-host', '0.0.0.0'], '--metrics-host needs --metrics-port'],
    [['serve', '--metrics-port', '70000'], '--metrics-port must be a whole number from 0 to 65535, but is "70000".'],
    [['serve', '--log-format', 'xml'], '--log-format must be one of pretty, json, but is "xml".'],
    [['serve', '--log-level', 'loud'], '--log-level must be one of error, warn, info, debug, but is "loud".'],
    [['serve', '--heartbeats-per-second-max', '0'], '--heartbeats-per-second-max must be a whole number from 1'],
    [['serve', '--rotate-node-tokens-after', '30'], '--rotate-node-tokens-after must be a duration from 1m to 3650d'],
    [['serve', '--connections-max', '0'], '--connections-max must be a whole number from 1 to 1000000'],
    [['serve', '--legacy-nodes=no'], '--legacy-nodes takes no value.'],
    [['join-token', 'create', '--uses', '0'], '--uses must be a whole number from 1 to 1000000, but is "0".'],
    [['join-token', 'create', '--uses', '1e3'], '--uses must be a whole number'],
    [['join-token', 'create', '--uses', '-1'], '--uses must be a whole number'],
    [['join-token', 'create', '--max-pending', '3'], '--max-pending needs --approval: without it, no node waits.'],
    [['join-token', 'create', '--approval', '--max-pending', '0'], '--max-pending must be a whole number from 1'],
    [['join-token', 'create', '--label', 'shop'], '"shop" must be key=value to set a label'],
    [['join-token', 'create', '--label', 'shop-'], '"shop-" removes a label, and there is none yet.'],
    [['join-token', 'create', '--expires', 'tomorrow'], '--expires must be a duration from 1s to 3650d, such as'],
    [['join-token', 'create', '--expires', '0h'], '--expires must be a duration'],
    [['join-token', 'create', '--url', 'cloudly.example'], '--url must be an address that starts with https://'],
    [['join-token', 'create', '--url', 'https://a:b@cloudly.example'], '--url must be an address'],
    [['join-token', 'create', '--url', 'https://cloudly.example:0'], '--url is misleading: the address has'],
    ...brokenUrls,
    ...urlsForShells,
    [
      ['join-token', 'create', '--url', 'https://cloudly.example/?'],
      'contains ?, which has a meaning to a shell. Write it as %3F',
    ],
    [['join-token', 'create', '--url', 'https:cloudly.example'], 'does not begin with https://'],
    [['join-token', 'create', '--url', 'http://10.1'], 'four decimal numbers'],
    [['serve', '--data', '/tmp/cloudly\r'], 'ends with a carriage return'],
    [['serve', '--data', '"/tmp/cloudly"'], 'is in quotation marks'],
    [['node', 'list', '--data=~/cloudly'], 'begins with ~'],
    [['node', 'list', '--data', '$HOME/cloudly'], 'contains a variable'],
    [['node', 'list', '--data', ' /tmp/cloudly'], 'begins or ends with a space'],
    [['node', 'list', '--data', 'file:///tmp/cloudly'], 'is a URL and not a path'],
    [['backup', '~/fleet.sqlite'], 'begins with ~'],
    [['serve', '--data', 'a', '--database', 'postgres://b'], '--data and --database cannot be used together.'],
    [['node', 'list', '--data', 'a', '--database', 'postgres://b'], '--data and --database cannot be used together'],
    [['node', 'list', '--database', 'mysql://b'], '--database must look like postgres://'],
    [['join-token', 'revoke'], 'join-token revoke needs a join token ID.'],
    [['node', 'show'], 'node show needs a node ID or name.'],
    [['node', 'approve'], 'node approve needs a node or a selector.'],
    [['approve', 'till-7'], 'Unknown command "approve". Did you mean "rollout approve" or "node approve"?'],
    [['node', 'revok', 'till-7'], 'Unknown command "revok". Did you mean "revoke"?'],
  ])('%j exits with 2 and says what is expected', async (argv, message) => {
    const { exitCode, stdout, stderr } = await run(...argv);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});

describe('an invalid command line with --log-format json', () => {
  test.each([
    [['serve', '--log-format', 'json', '--port', '70000']],
    [['serve', '--port', '70000', '--log-format=json']],
    [['serve', '--log-format', 'json', '--prot', '1']],
    [
      [
        'serve',
        '--log-format',
        'json',
        '--tls-cert',
        '/nowhere/cert.pem',
        '--tls-key',
        '/nowhere/key.pem',
        '--port',
        '0',
      ],
    ],
  ])('is reported as JSON only: %j', async (argv) => {
    const { exitCode, stderr } = await run(...argv);
    expect([1, 2]).toContain(exitCode);
    for (const line of stderr.trimEnd().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({
        level: 'error',
        message: expect.not.stringMatching(/^cloudly-standalone:/),
      });
    }
  });
});

describe('join-token create', () => {
  test('prints the lines for a device, and nothing else, on stdout', async () => {
    const { data, url, store } = await startServer();
    const { exitCode, stdout, stderr } = await run('join-token', 'create', '--data', data, '--uses', '3');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^BASEOS_CLOUDLY_URL=\S+\nBASEOS_JOIN_TOKEN=\S+\n$/);
    expect(stdout).toContain(`BASEOS_CLOUDLY_URL=${url}\n`);
    const [record] = await store.listJoinTokens();
    expect(record).toMatchObject({ maxUses: 3, usedCount: 0 });
    expect(stderr).toContain(`Join token ${record?.id} admits 3 new nodes until`);
    expect(stderr).not.toContain(/BASEOS_JOIN_TOKEN=(\S+)/.exec(stdout)?.[1]);
  });

  test('requires approval of each node on request, and limits how many wait for it', async () => {
    const { data, store } = await startServer();
    const argv = ['--data', data, '--uses', '50', '--approval', '--max-pending', '10'];
    const { exitCode, stderr } = await run('join-token', 'create', ...argv);
    expect(exitCode).toBe(0);
    expect(await store.listJoinTokens()).toMatchObject([{ maxUses: 50, requiresApproval: true, maxPending: 10 }]);
    expect(stderr).toMatch(/admits 50 new nodes, each after an operator approves it \(`node approve`\), until/);
  });

  test('gives its nodes labels, and says what it is for and who created it', async () => {
    const { data } = await startServer();
    const argv = ['--description', 'Shop A', '--label', 'shop=a,role=till'];
    expect((await run('join-token', 'create', '--data', data, ...argv)).exitCode).toBe(0);
    const { stdout } = await run('join-token', 'list', '--columns', 'description,labels,by', '--data', data);
    expect(stdout).toMatch(/^DESCRIPTION +LABELS +BY\nShop A +role=till,shop=a +cli:\S+\n$/);
  });

  test('accepts another address for devices, and says if it requires a setting on them', async () => {
    const { data } = await startServer();
    const create = (url: string) => run('join-token', 'create', '--data', data, '--url', url);
    const secure = await create('https://cloudly.example/base/');
    expect(secure.stdout).toContain('BASEOS_CLOUDLY_URL=https://cloudly.example/base\n');
    expect(secure.stderr).not.toContain('BASEOS_ALLOW_INSECURE_HTTP');
    expect((await create('http://192.0.2.1:8437')).stderr).toContain('BASEOS_ALLOW_INSECURE_HTTP=1');
  });

  test('asks for the address if the server listens on all of them, and makes no token before', async () => {
    const { data, store } = await startServer({ host: '0.0.0.0' });
    const { exitCode, stderr } = await run('join-token', 'create', '--data', data);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Give the one that devices use with --url')]);
    expect(await store.listJoinTokens()).toEqual([]);
  });

  test.each([
    '',
    'nothing',
    'http://127.0.0.1:1\nBASEOS_STATE_PATH=/tmp',
    'http://127.0.0.1:1/$(reboot)',
    'javascript:1',
  ])('does not give devices the invalid content of the server’s address file: %j', async (content) => {
    const { data, store } = await startServer();
    writeFileSync(`${data}.address`, content);
    const { exitCode, stdout, stderr } = await run('join-token', 'create', '--data', data);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /fleet\.sqlite\.address does not contain the address of a server\. Restart the server, or give .*--url/,
    );
    expect(await store.listJoinTokens()).toEqual([]);
  });

  test('works without a server, for a given address', async () => {
    const { data, close } = await startServer();
    await close();
    expect((await run('join-token', 'create', '--data', data)).exitCode).toBe(2);
    expect((await run('join-token', 'create', '--data', data, '--url', 'https://c.example')).exitCode).toBe(0);
  });
});

describe('missing data', () => {
  test.each([
    ['join-token', 'create'],
    ['join-token', 'list'],
    ['join-token', 'revoke', 'x'],
    ['node', 'list'],
    ['node', 'show', 'till-7'],
    ['node', 'approve', 'till-7'],
    ['node', 'forget', 'till-7'],
    ['recover'],
  ])('%s %s exits with 1, creates none, and says what to do', async (...argv) => {
    const data = join(temporaryFolder(), 'mistyped');
    for (let count = 0; count < 2; count += 1) {
      const { exitCode, stderr } = await run(...argv, '--data', data);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`There is no fleet at ${data}`)]);
    }
  });
});

describe('join-token list and revoke', () => {
  test('name tokens by their readable part, with state and uses', async () => {
    const { data, createJoinToken } = await startServer();
    const first = await createJoinToken({ uses: 5 });
    const second = await createJoinToken();
    expect(await run('join-token', 'revoke', second.record.id, '--data', data)).toMatchObject({
      exitCode: 0,
      stdout: '',
    });

    const { stdout } = await run('join-token', 'list', '--data', data);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/).slice(0, 3));
    expect(rows).toEqual([
      ['ID', 'STATE', 'USED'],
      [first.record.id, 'usable', '0 of 5'],
      [second.record.id, 'revoked', '0 of 1'],
    ]);
    expect(stdout).not.toContain(first.joinToken);
  });

  test('give programs the same as JSON, without the token or its hash', async () => {
    const { data, createJoinToken } = await startServer();
    const { joinToken, record } = await createJoinToken({ uses: 5, requiresApproval: true });
    const { stdout } = await run('join-token', 'list', '--json', '--data', data);
    expect(JSON.parse(stdout)).toEqual([
      {
        id: record.id,
        state: 'usable',
        createdAt: new Date(record.createdAtMs).toISOString(),
        expiresAt: new Date(record.expiresAtMs).toISOString(),
        maxUses: 5,
        usedCount: 0,
        requiresApproval: true,
      },
    ]);
    for (const secret of [joinToken, record.hash]) expect(stdout).not.toContain(secret);
  });

  test('create and revoke give programs the token as JSON', async () => {
    const { data, url, store } = await startServer();
    const made = await run('join-token', 'create', '--uses', '3', '--json', '--data', data);
    const [record] = await store.listJoinTokens();
    expect(JSON.parse(made.stdout)).toMatchObject({
      url,
      joinToken: expect.stringContaining(`bjt_${record?.id}_`),
      id: record?.id,
      state: 'usable',
      maxUses: 3,
      expiresAt: new Date(record?.expiresAtMs ?? 0).toISOString(),
    });
    const revoked = await run('join-token', 'revoke', record?.id ?? '', '--json', '--data', data);
    expect(JSON.parse(revoked.stdout)).toMatchObject({
      id: record?.id,
      state: 'revoked',
      revokedAt: expect.any(String),
    });
  });

  test('revoking an unknown one exits with 1', async () => {
    const { data } = await startServer();
    expect(await run('join-token', 'revoke', 'none', '--data', data)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('No join token has the ID none'),
    });
  });
});

test('serve exits with 1 if its port is taken, and says what to do', async () => {
  const { port } = new URL((await startServer()).url);
  const { exitCode, stderr } = await run('serve', '--port', port, '--data', temporaryFolder());
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`port ${port} of 127.0.0.1 is in use`)]);
});

test('serve names the metrics port if that one is taken', async () => {
  const { port } = new URL((await startServer()).url);
  const { exitCode, stderr } = await run('serve', '--port', '0', '--metrics-port', port, '--data', temporaryFolder());
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringMatching(/port \d+ of 127\.0\.0\.1 is in use.* --metrics-port\.$/m),
  ]);
});

test('serve exits with 1 on data that another server uses, and says where that one is', async () => {
  const { data, url } = await startServer();
  const { exitCode, stderr } = await run('serve', '--port', '0', '--data', data);
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining(`another server is already running on this data, at ${url}. Stop that server`),
  ]);
});

test('serve exits with 1 on a file that is not a database, and says what to do', async () => {
  const data = join(temporaryFolder(), 'fleet.sqlite');
  writeFileSync(data, 'a shopping list, and not a short one either');
  const { exitCode, stderr } = await run('serve', '--port', '0', '--data', data);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${data} does not contain the data of a Cloudly`)]);
  expect(stderr).toContain('--data');
  expect((await run('node', 'list', '--data', data)).stderr).toContain(
    `${data} does not contain the data of a Cloudly`,
  );
});

test('serve warns if it listens beyond this machine without TLS', async () => {
  const { exitCode, stderr } = await run('serve', '--port', '0', '--host', '0.0.0.0', '--data', temporaryFolder());
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('The server listens on 0.0.0.0 without TLS')]);
  expect(stderr).toMatch(/^Cloudly listens on every address of this machine, port \d+\n/);
});

test('serve leaves TLS to a trusted proxy in front of it', async () => {
  const argv = [
    '--port',
    '0',
    '--host',
    '0.0.0.0',
    '--data',
    temporaryFolder(),
    '--trust-proxy',
    '10.0.0.0/8, fd00::1',
  ];
  const { exitCode, stderr } = await run('serve', ...argv);
  expect(exitCode).toBe(0);
  expect(stderr).not.toContain('without TLS');
});
