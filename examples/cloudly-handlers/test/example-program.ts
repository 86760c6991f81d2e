import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { freePort } from '@serve.zone/baseos-testing/network/free-port';

const folder = join(import.meta.dirname, '..');
const tools = join(import.meta.dirname, '../../../.tools/node_modules');

export interface ExampleProgram {
  name: string;
  file: string;
  runtime: keyof typeof runtimes;
  /** The path in front of the endpoints. */
  mountPath: string;
  /** Imports Express and gets the one before it. */
  onExpressFour?: true;
  /** It cannot choose a free port and report it. */
  needsPort?: true;
  /** What the tests hold it to beside the contract. */
  hasRoutes?: true;
  trustsProxy?: true;
  /** The rules of the contract that cannot hold in this environment, as the README says. */
  breaks?: readonly string[];
}

const mountPath = '/cloudly';
const express = { file: 'express.ts', runtime: 'node', mountPath, hasRoutes: true } as const;
const expressAfterJson = {
  ...express,
  file: 'express-after-json.ts',
  trustsProxy: true,
  breaks: ['token-before-body'],
} as const;

/** Each way of mounting that the README names, as a program that somebody could start from. */
export const examplePrograms: readonly ExampleProgram[] = [
  { name: 'node:http', file: 'node-http.ts', runtime: 'node', mountPath: '' },
  { name: 'Express 5', ...express },
  { name: 'Express 4', ...express, onExpressFour: true },
  { name: 'Express 5, after express.json()', ...expressAfterJson },
  { name: 'Express 4, after express.json()', ...expressAfterJson, onExpressFour: true },
  { name: 'Fastify', file: 'fastify.ts', runtime: 'node', mountPath, hasRoutes: true, trustsProxy: true },
  { name: 'Hono', file: 'hono.ts', runtime: 'node', mountPath },
  { name: 'smartserve', file: 'smartserve.ts', runtime: 'node', mountPath: '', needsPort: true },
  { name: 'a plain fetch server, on Bun', file: 'fetch-server.ts', runtime: 'bun', mountPath: '' },
  { name: 'a plain fetch server, on Deno', file: 'fetch-server.ts', runtime: 'deno', mountPath: '' },
];

/** How a runtime runs a program, and how it does so with {@link openedHandlers} in the place of the handlers. */
const runtimes = {
  node: {
    executable: process.execPath,
    parameters: ['--no-warnings'],
    opened: [`--import=${join(import.meta.dirname, 'kit/open-on-node.ts')}`],
  },
  bun: {
    executable: join(tools, 'bun/bin/bun'),
    parameters: [],
    opened: [`--tsconfig-override=${join(import.meta.dirname, 'kit/open-on-bun.json')}`],
  },
  deno: {
    executable: join(tools, 'deno/deno'),
    parameters: [
      'serve',
      '--no-prompt',
      '--node-modules-dir=manual',
      '--allow-env=PORT',
      '--host=127.0.0.1',
      '--port=0',
    ],
    opened: [`--import-map=${join(import.meta.dirname, 'kit/open-on-deno.json')}`, '--allow-read', '--allow-net'],
  },
} as const;

const withExpressFour = `--import=data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ resolve: (name, context, next) => next(name === 'express' ? 'express4' : name, context) });`)}`;

export function isInstalled({ runtime }: ExampleProgram): boolean {
  return existsSync(runtimes[runtime].executable);
}

export interface RunningProgram {
  /** The base URL for a node. */
  url: string;
  /** The server itself, without the mount path. */
  origin: string;
  joinToken: string;
  /** Where its store and its clock are reached, if it was started for that. */
  operatorUrl: string;
  stop: () => Promise<void>;
}

/** Starts a program, on a free port, and waits until it listens. */
export async function startProgram(
  program: ExampleProgram,
  { isOpened = false }: { isOpened?: boolean } = {},
): Promise<RunningProgram> {
  const { executable, parameters, opened } = runtimes[program.runtime];
  const { PATH } = process.env;
  const child = spawn(
    executable,
    [...parameters, ...(isOpened ? opened : []), ...(program.onExpressFour ? [withExpressFour] : []), program.file],
    {
      cwd: folder,
      env: { PATH, PORT: program.needsPort ? String(await freePort()) : '0', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const exit = once(child, 'exit');
  const { port, joinToken, operatorPort } = await announced(child, isOpened);
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: origin + program.mountPath,
    origin,
    joinToken,
    operatorUrl: `http://127.0.0.1:${operatorPort}`,
    async stop() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** The output of a program once it listens: the port, its join token, and its operator's address. */
function announced(
  child: ChildProcess,
  isOpened: boolean,
): Promise<{ port: string; joinToken: string; operatorPort: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const port = /port: (?<port>\d+)|http:\/\/127\.0\.0\.1:(?<ofRuntime>\d+)/.exec(output)?.slice(1).find(Boolean);
      const joinToken = /BASEOS_JOIN_TOKEN=(?<token>\S+)\n/.exec(output)?.groups?.['token'];
      const operatorPort = isOpened ? /OPERATOR=(?<port>\d+)\n/.exec(output)?.groups?.['port'] : '';
      if (port !== undefined && joinToken !== undefined && operatorPort !== undefined) {
        resolve({ port, joinToken, operatorPort });
      }
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`The program ended before it listened:\n${output}`)));
  });
}
