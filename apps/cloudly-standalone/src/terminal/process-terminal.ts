import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { isatty } from 'node:tty';
import { editText } from './edit-text.js';
import { openPager, pagerOf } from './open-pager.js';
import type { Terminal } from './terminal.js';

/** What this process can do with the terminal in which it was started. */
export function processTerminal(): Terminal {
  const { env, stdout, stderr } = process;
  const canAsk = isatty(0) && isatty(2);
  const pager = isatty(1) ? pagerOf(env) : undefined;
  return {
    columns: stdout.columns ?? columnsOf(env),
    openPager: pager === undefined ? undefined : () => openPager(pager, env),
    ask: canAsk ? ask : undefined,
    showProgress: isatty(2) ? (line) => void stderr.write(`\r\u001B[K${line}`) : undefined,
    editText: canAsk ? (before) => editText(before, env) : undefined,
    readInput: () => text(process.stdin),
  };
}

/** Shells know it, and tell programs if it is exported. */
function columnsOf({ COLUMNS = '' }: Readonly<Record<string, string | undefined>>): number | undefined {
  return /^[1-9]\d{0,3}$/.test(COLUMNS) ? Number(COLUMNS) : undefined;
}

/** Ctrl-C and Ctrl-D answer nothing. */
async function ask(question: string): Promise<string | undefined> {
  const { stdin: input, stderr: output } = process;
  const ending = new AbortController();
  const lines = createInterface({ input, output });
  lines.on('SIGINT', () => ending.abort()).on('close', () => ending.abort());
  try {
    return await lines.question(question, { signal: ending.signal });
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    output.write('\n');
    return undefined;
  } finally {
    lines.close();
  }
}
