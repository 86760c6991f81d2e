import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpointUrl } from '@serve.zone/baseos-contracts';
import { isSkipped as hasNoPostgres } from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import { usePostgres } from '@serve.zone/baseos-cloudly-handlers/fixtures/use-postgres';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { canOpenRoom, openNetworkRoom } from '@serve.zone/baseos-testing/network/network-room';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { Program } from '@serve.zone/baseos-testing/processes/program';
import { describe, expect, test } from 'vitest';
import { isSkipped as hasNoOpenssl, makeCertificate } from '@serve.zone/baseos-testing/network/certificate';
import { bundledCli } from './cli-process.js';
import { statusOf } from './start-fleet.js';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const tour = readme.split('## A tour for operators')[1]?.split('\n## ')[0] ?? '';
const lines = Array.from(tour.matchAll(/^ {4}(.*)$/gm), ([, line = '']) => line);

/** The only line of the tour with this in it. */
function lineWith(part: string): string {
  const [line, ...others] = lines.filter((each) => each.includes(part));
  if (line === undefined || others.length > 0) throw new Error(`The tour has not exactly one line with ${part}`);
  return line;
}

const isMissing = !canOpenRoom() || spawnSync('curl', ['--version']).status !== 0;

const theEnd = 'The server at https://cloudly.example:8443 does not accept the token.';

/** Each command is a process, and so is each device. */
const TIMEOUT_MS = 180_000;

/** In CI, a machine that cannot is a failure. */
const isSkipped = (isMissing && !process.env['CI']) || hasNoOpenssl;

describe.skipIf(isSkipped)(
  'the tour for operators, from another machine (needs root, ip, unshare, curl, openssl)',
  { timeout: TIMEOUT_MS },
  () => {
    const { cli, launch } = bundledCli();

    test('on SQLite', async () => {
      expect(await take({ flags: ['--data', join(temporaryFolder(), 'fleet.sqlite')], env: {} })).toContain(theEnd);
    });

    describe.skipIf(hasNoPostgres)('in PostgreSQL', () => {
      const postgres = usePostgres();
      test('on PostgreSQL', async () => {
        expect(await take({ flags: [], env: { CLOUDLY_DATABASE_URL: postgres.url() } })).toContain(theEnd);
      });
    });

    /** Resolves with what a command says after the end of the tour, when its token is revoked. */
    async function take({ flags, env }: { flags: string[]; env: Record<string, string> }): Promise<string> {
      const folder = temporaryFolder();
      const { certPath, keyPath } = makeCertificate(join(folder, 'tls'), { name: 'cloudly.example' });

      // The machine of the server.
      const serve = lineWith('serve --host').replace('--port 8443', '--port 0');
      const serving = argumentsOf(serve.replace('fullchain.pem', certPath).replace('privkey.pem', keyPath));
      const server = launch([...serving, ...flags], env);
      const [, port] = await server.logged(/Cloudly listens on every address of this machine, port (\d+)/);
      const inviting = launch([...argumentsOf(lineWith('operator invite')), ...flags], env);
      await inviting.exited;
      const link = inviting.stdout.trim();
      expect(link).toMatch(/^https:\/\/cloudly\.example:8443\/invitation#boi_\w+$/);

      // Another machine, which knows only the name of the server.
      const room = await openNetworkRoom({ folder, hosts: { 'cloudly.example': ['127.0.0.1'] } });
      await room.serve(8443, Number(port));
      const variables: Record<string, string> = { CURL_CA_BUNDLE: certPath, NODE_EXTRA_CA_CERTS: certPath };
      /** Types a line there, and resolves with what it prints. */
      const type = async (line: string): Promise<string> => {
        const script = line.replace('npm run -s cloudly --', `'${process.execPath}' '${cli}'`);
        const program = new Program(['-euc', `cd '${folder}'; ${script}`], {
          by: '/bin/sh',
          enter: room.enter,
          env: variables,
        });
        const { code } = await program.exited;
        expect({ line, code, output: code === 0 ? '' : program.output }).toEqual({ line, code: 0, output: '' });
        return program.stdout;
      };
      const set = (line: string, value?: string): void => {
        const [, name = '', written = ''] = /^export (\w+)=(.*)$/.exec(line) ?? [];
        variables[name] = value ?? written;
      };

      writeFileSync(join(folder, 'password'), 'correct horse battery');
      const joined = await type(`${lineWith('operator join')} '${link}' --password-file password`);
      set(lineWith('export CLOUDLY_SERVER'));
      set(lineWith('export CLOUDLY_TOKEN'), joined.trim());

      const [, joinToken = ''] = /BASEOS_JOIN_TOKEN=(\S+)/.exec(await type(lineWith('join-token create'))) ?? [];
      for (const hostname of ['till-1', 'till-2']) {
        const message = join(folder, `${hostname}.json`);
        writeFileSync(message, JSON.stringify(createEmulatedNode().registration({ status: statusOf(hostname) })));
        const url = endpointUrl(variables['CLOUDLY_SERVER'] ?? '', 'register');
        await type(`curl --fail-with-body --json '@${message}' --header 'Authorization: Bearer ${joinToken}' ${url}`);
      }
      expect(await type(lineWith('node list state:pending'))).toMatch(/^NAME .*\ntill-1 .*\ntill-2 .*\n$/);
      expect(await type(lineWith('node approve'))).toMatch(/^NAME .*\ntill-1 +done\ntill-2 +done\n$/);
      await type(lineWith('node rename'));
      await type(lineWith('node label'));
      expect(await type(lineWith('node show'))).toMatch(/^Name +Till at the door\nState .*\nLabels +floor=2,shop=a$/m);
      expect(await type(lineWith('node count'))).toBe('NODES  LABEL.FLOOR\n1      -\n1      2\n');
      await type(lineWith('node revoke'));
      expect(await type(lineWith('events'))).toMatch(/till-2 +was revoked +token:laptop-1/);
      await type(lineWith('operator token revoke'));

      const refused = new Program([cli, 'node', 'list'], { enter: room.enter, env: variables });
      await refused.exited;
      return refused.stderr;
    }
  },
);

function argumentsOf(line: string): string[] {
  return line.replace('npm run -s cloudly -- ', '').split(' ');
}
