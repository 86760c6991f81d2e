import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import process from 'node:process';

const folder = fileURLToPath(new URL('..', import.meta.url));
const tool = (path: string): string => fileURLToPath(new URL(`../../../.tools/node_modules/${path}`, import.meta.url));

/** Lets a program that imports Express get the one before it. */
const expressFour = `
  import { registerHooks } from 'node:module';
  registerHooks({ resolve: (name, context, next) => next(name === 'express' ? 'express4' : name, context) });`;

export interface ExampleProgram {
  name: string;
  executable: string;
  parameters: readonly string[];
  /** The path in front of the endpoints. */
  mountPath: string;
  /** What the tests hold it to beside the contract. */
  hasRoutes?: true;
  trustsProxy?: true;
}

const node = (file: string, ...flags: string[]): Pick<ExampleProgram, 'executable' | 'parameters'> => ({
  executable: process.execPath,
  parameters: ['--no-warnings', ...flags, file],
});
const withExpressFour = `--import=data:text/javascript,${encodeURIComponent(expressFour)}`;

/** Each way of mounting that the README names, as a program that somebody could start from. */
export const examplePrograms: readonly ExampleProgram[] = [
  { name: 'node:http', ...node('node-http.ts'), mountPath: '' },
  { name: 'Express 5', ...node('express.ts'), mountPath: '/cloudly', hasRoutes: true },
  { name: 'Express 4', ...node('express.ts', withExpressFour), mountPath: '/cloudly', hasRoutes: true },
  {
    name: 'Express 5, after express.json()',
    ...node('express-after-json.ts'),
    mountPath: '/cloudly',
    hasRoutes: true,
    trustsProxy: true,
  },
  {
    name: 'Express 4, after express.json()',
    ...node('express-after-json.ts', withExpressFour),
    mountPath: '/cloudly',
    hasRoutes: true,
    trustsProxy: true,
  },
  { name: 'Fastify', ...node('fastify.ts'), mountPath: '/cloudly', hasRoutes: true, trustsProxy: true },
  { name: 'Hono', ...node('hono.ts'), mountPath: '/cloudly' },
  {
    name: 'a plain fetch server, on Bun',
    executable: tool('bun/bin/bun'),
    parameters: ['fetch-server.ts'],
    mountPath: '',
  },
  {
    name: 'a plain fetch server, on Deno',
    executable: tool('deno/deno'),
    parameters: [
      'serve',
      '--no-prompt',
      '--node-modules-dir=manual',
      '--allow-env=PORT',
      '--host=127.0.0.1',
      '--port=0',
      'fetch-server.ts',
    ],
    mountPath: '',
  },
];

export interface RunningProgram {
  /** The base URL for a node. */
  url: string;
  /** The server itself, without the mount path. */
  origin: string;
  joinToken: string;
  stop: () => Promise<void>;
}

/** Starts a program, on a free port, and waits until it listens. */
export const startProgram = async (program: ExampleProgram): Promise<RunningProgram> => {
  const { PATH } = process.env;
  const child = spawn(program.executable, program.parameters, {
    cwd: folder,
    env: { PATH, PORT: '0', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  const { port, joinToken } = await announced(child);
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: origin + program.mountPath,
    origin,
    joinToken,
    async stop() {
      child.kill('SIGKILL');
      await exit;
    },
  };
};

/** What a program says once it listens: the port, and the join token that it made. */
const announced = (child: ChildProcess): Promise<{ port: string; joinToken: string }> =>
  new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const port = /port: (?<port>\d+)|http:\/\/127\.0\.0\.1:(?<ofRuntime>\d+)/.exec(output)?.slice(1).find(Boolean);
      const joinToken = /BASEOS_JOIN_TOKEN=(?<token>\S+)\n/.exec(output)?.groups?.['token'];
      if (port !== undefined && joinToken !== undefined) resolve({ port, joinToken });
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`The program ended before it listened:\n${output}`)));
  });
