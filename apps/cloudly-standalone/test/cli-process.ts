import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Program } from '@serve.zone/baseos-testing/processes/program';
import { beforeAll, onTestFinished } from 'vitest';
import { bundleFolder, shareResource } from '../../../test/shared-resources/shared-resource.js';

export interface CliProcess {
  /** The bundle. */
  cli: string;
  run: (...argv: string[]) => Promise<{ stdout: string; stderr: string }>;
  /** Starts any command, with variables beside those of this process; it is killed when the test ends. */
  launch: (argv: readonly string[], env?: Readonly<Record<string, string>>) => Program;
  /** Starts `serve` on any free port; it is killed when the test ends. */
  serve: (...argv: string[]) => Program;
  /** The same on this data, once it listens, with a log that leaves nothing out. */
  serveAt: (data: string, ...argv: string[]) => Promise<Program & { url: string }>;
  /** Makes a join token beside the server on this data. */
  createJoinToken: (data: string, ...argv: string[]) => Promise<{ url: string; joinToken: string }>;
}

/** The program as it is installed, bundled far from node_modules, so it must bring all it needs. All tests share one bundle. */
export function bundledCli(): CliProcess {
  const cli = join(bundleFolder('cloudly-standalone'), 'cli.js');
  beforeAll(async () => void (await shareResource('cloudly-standalone')));

  const run: CliProcess['run'] = (...argv) => promisify(execFile)(process.execPath, [cli, ...argv]);

  const launch: CliProcess['launch'] = (argv, env = {}) => {
    const program = new Program([cli, ...argv], { env: { ...process.env, ...env } });
    onTestFinished(async () => void (await program.end('SIGKILL')));
    return program;
  };

  const serve: CliProcess['serve'] = (...argv) => launch(['serve', '--port', '0', ...argv]);

  return {
    cli,
    run,
    launch,
    serve,
    serveAt: async (data, ...argv) => {
      const server = serve('--data', data, '--log-level', 'debug', ...argv);
      const [, url = ''] = await server.logged(/Cloudly listens at (\S+)/);
      return Object.assign(server, { url });
    },
    createJoinToken: async (data, ...argv) => {
      const { stdout } = await run('join-token', 'create', '--data', data, ...argv);
      const [, url = '', joinToken = ''] = /^BASEOS_CLOUDLY_URL=(\S+)\nBASEOS_JOIN_TOKEN=(\S+)\n$/.exec(stdout) ?? [];
      return { url, joinToken };
    },
  };
}
