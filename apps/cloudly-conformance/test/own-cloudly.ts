import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { debianPython } from '../../../test/debian-python.js';
import { type OperatorAct, provisions, type TokenProvision } from '../src/rule/provisions.js';
import type { ConformanceOptions } from '../src/run/run-conformance.js';

export interface OwnCloudly extends ConformanceOptions {
  /** Calls an operator endpoint by its path, with the operator's token by default. */
  operate: (order: string, token?: string) => Promise<string>;
}

/** A running example, with the README that says which options the kit needs. */
interface Example {
  child: ChildProcess;
  readme: string;
  /** Has its clock go ahead. */
  wait: (durationMs: number) => Promise<unknown>;
}

export function exampleReadme(folder: string): string {
  return readFileSync(exampleFile(`${folder}/README.md`), 'utf8');
}

function exampleFile(path: string): string {
  return fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));
}

/** A program of `examples/own-handlers` as a process of its own, which ends with the test. */
export function startOwnCloudly(file: string): Promise<OwnCloudly> {
  const child = fork(exampleFile(`own-handlers/${file}`), {
    execArgv: ['--no-warnings', `--import=${new URL('told-clock.mjs', import.meta.url).href}`],
    env: { PORT: '0', OPERATOR_PORT: '0', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const wait = (durationMs: number): Promise<unknown> => {
    const told = once(child, 'message');
    child.send(durationMs);
    return told;
  };
  return started({ child, readme: exampleReadme('own-handlers'), wait });
}

/** `examples/cloudly-in-python`, in the same way. */
export function startPythonCloudly(): Promise<OwnCloudly> {
  const program = exampleFile('cloudly-in-python/test/with_told_clock.py');
  const child = spawn(debianPython, [program, '--port', '0', '--operator-port', '0'], {
    env: { PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const wait = (durationMs: number): Promise<unknown> => {
    const told = once(child.stdout, 'data');
    child.stdin.write(`${durationMs}\n`);
    return told;
  };
  return started({ child, readme: exampleReadme('cloudly-in-python'), wait });
}

/** With all that its README gives to the kit. */
async function started({ child, readme, wait }: Example): Promise<OwnCloudly> {
  const exit = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const { port, operatorPort, operatorToken } = await announced(child);

  const operate = async (order: string, token = operatorToken): Promise<string> => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`http://127.0.0.1:${operatorPort}${order}`, { method: 'POST', headers });
    const said = (await response.text()).trim();
    if (!response.ok) throw new Error(`${order}: ${response.status} ${said}`);
    return said;
  };
  const revoked = await operate('/join-token?uses=0&hours=0');
  await operate(`/revoke-join-token/${revoked}`);
  const tokens = await Promise.all(
    readmeOrders(readme, /^ *--(?<flag>[\w-]+) "\$\(token '(?<order>[^']+)'\)"/gm).map(
      async ([flag, order]) => [flag, await operate(`/join-token?${order}`)] as const,
    ),
  );
  const acts = readmeOrders(readme, /^ *--(?<flag>[\w-]+) "\$operate(?<order>\/[^"]+)"/gm).map(([flag, order]) => {
    const act = (about: Record<string, string>): Promise<unknown> =>
      operate(order.replaceAll(/\{(?<name>\w+)\}/g, (place, name: string) => about[name] ?? place));
    return [flag, act] as const;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    operate,
    joinToken: new Map(tokens).get('join-token') ?? '',
    tokens: { ...byProvision<TokenProvision, string>(tokens), revokedJoinToken: revoked },
    operator: byProvision<OperatorAct, (typeof acts)[number][1]>(acts),
    slow: true,
    wait: async (durationMs) => void (await wait(durationMs)),
  };
}

/** What the README says behind each option of the kit's command line. */
function readmeOrders(readme: string, line: RegExp): (readonly [flag: string, order: string])[] {
  return Array.from(readme.matchAll(line), ({ groups }) => [groups?.['flag'] ?? '', groups?.['order'] ?? '']);
}

function byProvision<Name extends string, Value>(values: readonly (readonly [flag: string, Value])[]) {
  const names = new Map<string, string>(Object.entries(provisions).map(([name, { flag }]) => [flag, name]));
  return Object.fromEntries(
    values.flatMap(([flag, value]) => (names.has(flag) ? [[names.get(flag), value]] : [])),
  ) as Partial<Record<Name, Value>>;
}

/** What a program says once both of its ports are open. */
function announced(child: ChildProcess) {
  return new Promise<Record<'port' | 'operatorPort' | 'operatorToken', string>>((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const port = /Listening on .*port: (?<port>\d+)/.exec(output)?.groups?.['port'];
      const operatorPort = /Listening for operators on .*port: (?<port>\d+)/.exec(output)?.groups?.['port'];
      const operatorToken = /OPERATOR_TOKEN=(?<token>\S+)\n/.exec(output)?.groups?.['token'];
      if (port && operatorPort && operatorToken) resolve({ port, operatorPort, operatorToken });
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`The program ended before it listened:\n${output}`)));
  });
}
