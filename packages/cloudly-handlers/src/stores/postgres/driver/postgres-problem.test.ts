import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openPostgresStore, type PostgresProblem, postgresProblemOf } from '../../../postgres.js';

beforeEach(() => {
  for (const name of ['PGPASSWORD', 'PGSSLMODE', 'PGSSLROOTCERT']) vi.stubEnv(name, '');
  vi.stubEnv('PGPASSFILE', '/none');
});
afterEach(() => vi.unstubAllEnvs());

/** A message of the server (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
function message(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(Buffer.byteLength(body, 'latin1') + 4);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body, 'latin1')]);
}

function refusal(sqlState: string): Buffer {
  return message('E', `SFATAL\0VFATAL\0C${sqlState}\0MIn the server's words\0\0`);
}

function asksBy(code: string): Buffer {
  return message('R', code);
}

const scram = [asksBy('\0\0\0\nSCRAM-SHA-256\0\0'), asksBy('\0\0\0\vr=nonce,s=c2FsdA==,i=4096')];

/** A server in place of PostgreSQL: it sends one of these for each message, or at once if `greets`. */
async function listen(answers: readonly (string | Buffer)[], { greets = false, hangsUp = false } = {}) {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    const left = [...answers];
    const say = (): void => {
      const answer = left.shift();
      if (answer !== undefined) socket.write(answer);
      if (hangsUp) socket.destroy();
    };
    socket.on('error', () => undefined);
    socket.once('end', () => socket.destroy());
    socket.once('close', () => {
      open.delete(socket);
      server.emit('gone');
    });
    socket.on('data', () => say());
    if (greets) say();
  });
  const { port, close } = await listenOnLoopback(server);
  onTestFinished(close);
  const untilAlone = async (): Promise<void> => {
    while (open.size > 0) await once(server, 'gone');
  };
  return { port, open, untilAlone };
}

async function failureAt(url: string, timeoutMs = 10_000): Promise<Error & { code?: string }> {
  try {
    const store = await openPostgresStore(url, { timeoutMs });
    await store.close();
  } catch (error) {
    return error as Error;
  }
  throw new Error('It was opened');
}

const password = 's3cret';

function at(port: number, query = ''): string {
  return `postgres://u:${password}@127.0.0.1:${port}/d${query}`;
}

describe('a failure to reach PostgreSQL is reported with its cause:', () => {
  test.each<[what: string, url: string, problem: PostgresProblem, told: RegExp]>([
    ['nothing listens', at(1), 'refused', /nothing listens there \(ECONNREFUSED\)/],
    [
      'nothing listens at any address of a name',
      `postgres://u:${password}@localhost:1/d`,
      'refused',
      /nothing listens there/,
    ],
    [
      'no such host',
      `postgres://u:${password}@none.invalid/d`,
      'unknown-host',
      /DNS lookup of the host failed \((?:ENOTFOUND|EAI_AGAIN)\)/,
    ],
    [
      'no such socket',
      `postgres://u:${password}@/d?host=/none`,
      'no-socket',
      /the socket does not exist or may not be used \(ENOENT\)/,
    ],
    ['an unassigned address', `postgres://u:${password}@255.255.255.255/d`, 'no-route', /no route to that address/],
  ])('%s', async (_what, url, problem, told) => {
    const error = await failureAt(url);
    expect(postgresProblemOf(error)).toBe(problem);
    expect(error).toMatchObject({ code: 'database-unreachable', message: expect.stringMatching(told) });
    expect(error.message).not.toContain(password);
  });

  test.each<[what: string, answer: string, options: Parameters<typeof listen>[1], problem: PostgresProblem]>([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', {}, 'not-postgres'],
    ['an SSH server', 'SSH-2.0-OpenSSH_9\r\n', { greets: true }, 'not-postgres'],
    ['MySQL', 'J\0\0\0\n8.0.36\0\0', { greets: true }, 'not-postgres'],
    ['Redis', '-ERR unknown command\r\n', {}, 'not-postgres'],
    ['a mail server', '220 mail.example ESMTP\r\n', { greets: true }, 'not-postgres'],
    ['one that hangs up', '', { hangsUp: true }, 'closed'],
    ['one that stays silent', '', {}, 'silent'],
  ])('%s listens there', async (_what, answer, options, problem) => {
    const { port, untilAlone } = await listen([answer], options);
    expect(postgresProblemOf(await failureAt(at(port), 1000))).toBe(problem);
    await untilAlone();
  });

  test.each<[what: string, answer: string, problem: PostgresProblem]>([
    ['a PostgreSQL without TLS', 'N', 'no-tls'],
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'not-postgres'],
    ['an SSH server', 'SSH-2.0-OpenSSH_9\r\n', 'not-postgres'],
    ['a server that agrees to TLS and does not speak it', 'S', 'silent'],
  ])('%s listens where TLS is expected', async (_what, answer, problem) => {
    const { port, untilAlone } = await listen([answer]);
    expect(postgresProblemOf(await failureAt(at(port, '?sslmode=verify-full'), 1000))).toBe(problem);
    await untilAlone();
  });

  test.each<[what: string, answers: readonly Buffer[], problem: PostgresProblem]>([
    ['a SCRAM password', scram, 'no-password'],
    ['a Kerberos method', [asksBy('\0\0\0\u0007')], 'unknown-authentication'],
    ['another SASL', [asksBy('\0\0\0\nOAUTHBEARER\0\0')], 'unknown-authentication'],
  ])('the server asks for %s', async (_what, answers, problem) => {
    const { port, untilAlone } = await listen(answers);
    const error = await failureAt(`postgres://u@127.0.0.1:${port}/d`, 1000);
    expect([postgresProblemOf(error), error.code]).toEqual([problem, 'database-unusable']);
    await untilAlone();
  });

  test.each<[sqlState: string, problem: PostgresProblem, code: string]>([
    ['28000', 'user-refused', 'database-unusable'],
    ['28P01', 'wrong-password', 'database-unusable'],
    ['3D000', 'no-database', 'database-unusable'],
    ['53300', 'too-many-connections', 'database-unreachable'],
    ['57P01', 'starting-or-ending', 'database-unreachable'],
    ['57P03', 'starting-or-ending', 'database-unreachable'],
    ['25006', 'read-only', 'database-unreachable'],
    ['53100', 'disk-full', 'database-unusable'],
    ['58030', 'storage-failed', 'database-unusable'],
    ['XX001', 'storage-failed', 'database-unusable'],
    ['42P05', 'pooled', 'database-unusable'],
    ['26000', 'pooled', 'database-unusable'],
    ['08P01', 'protocol', 'database-unreachable'],
    ['08006', 'protocol', 'database-unreachable'],
  ])('the server rejects with %s: %s', async (sqlState, problem, code) => {
    const { port, untilAlone } = await listen([refusal(sqlState)]);
    const error = await failureAt(at(port));
    expect([postgresProblemOf(error), error.code]).toEqual([problem, code]);
    expect(error.message).toContain("In the server's words");
    await untilAlone();
  });
});

test(
  'fifty failures leave no connection open, however a server leaves them hanging',
  { timeout: 180_000 },
  async () => {
    for (const answers of [scram, [refusal('28P01')], ['N'], ['SSH-2.0-x\r\n']]) {
      const { port, untilAlone } = await listen(answers);
      const query = answers[0] === 'N' ? '?sslmode=verify-full' : '';
      for (let count = 0; count < 50; count += 1) {
        await expect(openPostgresStore(`postgres://u@127.0.0.1:${port}/d${query}`)).rejects.toThrow(/database/);
      }
      await untilAlone();
    }
  },
);

test('a pooler that mixes up statements is named', async () => {
  for (const sqlState of ['42P05', '26000']) {
    const { port } = await listen([refusal(sqlState)]);
    expect((await failureAt(at(port))).message).toMatch(
      /server's words, because a pooler shares the connection between several sessions$/,
    );
  }
});

test('unrelated errors are not a PostgreSQL problem', () => {
  for (const error of [
    new Error('a mistake'),
    new TypeError('timeout'),
    undefined,
    'timeout',
    { code: 'ECONNREFUSED' },
  ]) {
    expect(postgresProblemOf(error)).toBeUndefined();
  }
});

test('a socket in a temporary folder is reported as it is', async () => {
  const error = await failureAt(`postgres://u@/d?host=${encodeURIComponent(tmpdir())}&port=9`);
  expect(error.message).toContain(`PostgreSQL at ${tmpdir()}, database d`);
});
