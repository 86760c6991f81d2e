import { execFileSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** On this machine, where nothing else answers. */
const address = '127.53.53.1';

/** A name server that accepts every query and answers none, for processes that are started behind it. */
export class SilentNameServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'silent-name-server-'));
  readonly #socket: Socket = createSocket('udp4');

  /** Needs root, and a container that permits mounts. */
  static async open(): Promise<SilentNameServer> {
    const server = new SilentNameServer();
    writeFileSync(join(server.#folder, 'resolv.conf'), `nameserver ${address}\noptions timeout:30 attempts:2\n`);
    server.#socket.bind(53, address);
    await once(server.#socket, 'listening');
    return server;
  }

  /** Resolves when somebody asks for that name, from now on. */
  async asked(name: string): Promise<void> {
    const [label = ''] = name.split('.');
    for (;;) {
      const [question] = (await once(this.#socket, 'message')) as [Buffer];
      if (question.includes(label)) return;
    }
  }

  /** The words that start a program for which this is the one name server. It keeps its process ID. */
  before(command: readonly string[]): [program: string, ...argv: string[]] {
    const script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
    return ['unshare', '--mount', 'sh', '-c', script, join(this.#folder, 'resolv.conf'), ...command];
  }

  close(): void {
    this.#socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function tryIt(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'mount', '--bind', '/etc/hosts', '/etc/resolv.conf'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const canReplaceNameServer = tryIt();

/** For the name of a test that cannot run without. */
export const unlessNameServer = canReplaceNameServer ? '' : ' (needs root, in a container with CAP_SYS_ADMIN)';
