import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, onTestFinished } from 'vitest';
import { bundleFolder, shareResource } from '../../../test/shared-resources/shared-resource.js';

export interface CliProcess {
  /** The bundle. */
  cli: string;
  run: (...argv: string[]) => Promise<{ stdout: string; stderr: string }>;
  /** Starts any command, with variables beside those of this process; it is killed when the test ends. */
  launch: (argv: readonly string[], env?: Readonly<Record<string, string>>) => Server;
  /** Starts `serve` on any free port; it is killed when the test ends. */
  serve: (...argv: string[]) => Server;
  /** The same on this data, once it listens, with a log that leaves nothing out. */
  serveAt: (data: string, ...argv: string[]) => Promise<Server & { url: string }>;
  /** Makes a join token beside the server on this data. */
  createJoinToken: (data: string, ...argv: string[]) => Promise<{ url: string; joinToken: string }>;
}

export interface Server {
  process: ChildProcess;
  /** What it wrote on stderr so far. */
  told: () => string;
  /** Resolves with what the pattern finds there, now or later. */
  tells: (pattern: RegExp) => Promise<RegExpExecArray>;
  exited: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
}

/** The program as it is installed, bundled far from node_modules, so it must bring all it needs. All tests share one bundle. */
export function bundledCli(): CliProcess {
  const cli = join(bundleFolder('cloudly-standalone'), 'cli.js');
  beforeAll(async () => void (await shareResource('cloudly-standalone')));

  const run: CliProcess['run'] = (...argv) => promisify(execFile)(process.execPath, [cli, ...argv]);

  const launch: CliProcess['launch'] = (argv, env = {}) => {
    const child = spawn(process.execPath, [cli, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    // When its output has ended too.
    const exited = once(child, 'close') as Server['exited'];
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await exited;
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const endedWithout = (pattern: RegExp) =>
      exited.then(([code, signal]) => {
        if (pattern.test(stderr)) return;
        throw new Error(`It ended (${code ?? signal}) without ${String(pattern)} in its log:\n${stderr}`);
      });
    const tells = async (pattern: RegExp): Promise<RegExpExecArray> => {
      for (;;) {
        const found = pattern.exec(stderr);
        if (found) return found;
        await Promise.race([once(child.stderr, 'data'), endedWithout(pattern)]);
      }
    };
    return { process: child, told: () => stderr, tells, exited };
  };

  const serve: CliProcess['serve'] = (...argv) => launch(['serve', '--port', '0', ...argv]);

  return {
    cli,
    run,
    launch,
    serve,
    serveAt: async (data, ...argv) => {
      const server = serve('--data', data, '--log-level', 'debug', ...argv);
      const [, url = ''] = await server.tells(/Cloudly listens at (\S+)/);
      return { ...server, url };
    },
    createJoinToken: async (data, ...argv) => {
      const { stdout } = await run('join-token', 'create', '--data', data, ...argv);
      const [, url = '', joinToken = ''] = /^BASEOS_CLOUDLY_URL=(\S+)\nBASEOS_JOIN_TOKEN=(\S+)\n$/.exec(stdout) ?? [];
      return { url, joinToken };
    },
  };
}
