import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import type { Snippet } from './snippets.js';

export interface RunOptions {
  /** In a project that has the packages installed. */
  folder: string;
  /** Of the file that the snippet becomes. */
  name: string;
  env?: Record<string, string>;
  /** What ends a program that would run on: a text that it writes, or something that happens elsewhere. */
  until?: string | Promise<unknown>;
}

/** Runs a snippet as a program until it ends, or until it has done what is awaited, and resolves with its output. */
export async function runSnippet({ language, code }: Snippet, options: RunOptions): Promise<string> {
  const { folder, name, env, until } = options;
  const file = join(folder, `${name}.${language === 'sh' ? 'sh' : 'mjs'}`);
  writeFileSync(file, language === 'ts' ? stripTypeScriptTypes(code) : code);
  const child = spawn(language === 'sh' ? 'sh' : process.execPath, [file], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
  });
  let output = '';
  let hasSeen = false;
  const end = () => {
    hasSeen = true;
    child.kill();
  };
  if (until instanceof Promise) void until.then(end);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (typeof until === 'string' && output.includes(until)) end();
    });
  }
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (exitCode !== 0 && !hasSeen) throw new Error(`${name} ended with ${exitCode}: ${output}`);
  return output;
}
