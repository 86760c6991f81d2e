import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { isatty } from 'node:tty';
import { editText } from './edit-text.js';
import { createPicture } from './create-picture.js';
import { openPager, pagerOf } from './open-pager.js';
import type { Terminal } from './terminal.js';

/** What this process can do with the terminal in which it was started. */
export function processTerminal(): Terminal {
  const { env, stdout, stderr } = process;
  const canAsk = isatty(0) && isatty(2);
  const pager = isatty(1) ? pagerOf(env) : undefined;
  return {
    // A terminal that does not know its size says 0.
    columns: stdout.columns || columnsOf(env),
    openPager: pager === undefined ? undefined : () => openPager(pager, env),
    ask: canAsk ? (question) => ask(question, stderr) : undefined,
    askSecret: canAsk ? askSecret : undefined,
    showProgress: isatty(2) ? (line) => void stderr.write(`\r\u001B[K${line}`) : undefined,
    showPicture: isatty(1) ? createPicture(stdout) : undefined,
    editText: canAsk ? (before) => editText(before, env) : undefined,
    readInput: () => text(process.stdin),
  };
}

/** Shells know it, and tell programs if it is exported. */
function columnsOf({ COLUMNS = '' }: Readonly<Record<string, string | undefined>>): number | undefined {
  return /^[1-9]\d{0,3}$/.test(COLUMNS) ? Number(COLUMNS) : undefined;
}

/** Ctrl-C and Ctrl-D answer nothing. */
async function ask(question: string, output: NodeJS.WritableStream): Promise<string | undefined> {
  const ending = new AbortController();
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  lines.on('SIGINT', () => ending.abort()).on('close', () => ending.abort());
  try {
    return await lines.question(question, { signal: ending.signal });
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    process.stderr.write('\n');
    return undefined;
  } finally {
    lines.close();
  }
}

/** As `ask`, with what is typed written nowhere. */
async function askSecret(question: string): Promise<string | undefined> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  const answer = await ask('', nowhere);
  if (answer !== undefined) process.stderr.write('\n');
  return answer;
}
