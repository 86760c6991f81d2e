import { stripVTControlCharacters } from 'node:util';

import { fieldsOf, monotonicUs, processOf } from './journal-fields.js';
import type { JournalHost } from './journal-fields.js';
import { identifierOf, unitOf } from '../model/journal.js';
import type { JournalEntry } from '../model/journal.js';

/** A format that journalctl knows. */
export type JournalFormat = keyof typeof formats;

interface Shown {
  entry: JournalEntry;
  host: JournalHost;
  all: boolean;
  /** The one shown before, if any. */
  previous: JournalEntry | undefined;
}

/** Whether this names a format. */
export function isJournalFormat(name: string): name is JournalFormat {
  return Object.hasOwn(formats, name);
}

/** An entry as journalctl prints it in this format, with the end of the line. */
export function formatEntry(format: JournalFormat, shown: Shown): string | Uint8Array {
  return formats[format](shown);
}

/** The names of the formats, as journalctl lists them. */
export function listFormats(): string {
  return Object.keys(formats)
    .map((name) => `${name}\n`)
    .join('');
}

const formats = {
  short: (shown: Shown) => line(shown, `${monthDay(shown)} ${clockTime(shown)}`),
  'short-full': (shown: Shown) => line(shown, `${weekday(shown)} ${date(shown)} ${clockTime(shown)} UTC`),
  'short-iso': (shown: Shown) => line(shown, `${date(shown)}T${clockTime(shown)}+00:00`),
  'short-iso-precise': (shown: Shown) => line(shown, `${date(shown)}T${clockTime(shown)}.${fraction(shown)}+00:00`),
  'short-precise': (shown: Shown) => line(shown, `${monthDay(shown)} ${clockTime(shown)}.${fraction(shown)}`),
  'short-monotonic': (shown: Shown) => line(shown, `[${monotonic(shown.entry)}]`),
  'short-delta': (shown: Shown) => line(shown, `[${monotonic(shown.entry)} ${delta(shown)}]`),
  'short-unix': (shown: Shown) => line(shown, (shown.entry.atUs / 1_000_000).toFixed(6)),
  verbose: (shown: Shown) => {
    const { __CURSOR: cursor = '', ...fields } = fieldsOf(shown.entry, shown.host);
    const own = Object.entries(fields).filter(([name]) => !name.startsWith('__'));
    const time = `${weekday(shown)} ${date(shown)} ${clockTime(shown)}.${fraction(shown)} UTC`;
    return `${time} [${cursor}]\n${own.map(([name, value]) => `    ${name}=${value.trimEnd()}\n`).join('')}`;
  },
  export: ({ entry, host }: Shown) =>
    Buffer.concat([...Object.entries(fieldsOf(entry, host)).map(exportField), Buffer.from('\n')]),
  json: (shown: Shown) => `${JSON.stringify(jsonOf(shown))}\n`,
  'json-pretty': (shown: Shown) => `${JSON.stringify(jsonOf(shown), null, '\t')}\n`,
  'json-sse': (shown: Shown) => `data: ${JSON.stringify(jsonOf(shown))}\n\n`,
  'json-seq': (shown: Shown) => `\u001E${JSON.stringify(jsonOf(shown))}\n`,
  cat: ({ entry }: Shown) => `${entry.message.trimEnd()}\n`,
  'with-unit': (shown: Shown) =>
    line(shown, `${weekday(shown)} ${date(shown)} ${clockTime(shown)} UTC`, unitOf(shown.entry) ?? undefined),
};

function line({ entry, host, all }: Shown, time: string, name: string = identifierOf(entry)): string {
  const head = `${time} ${host.hostname} ${name}${processOf(entry)}: `;
  const text = all ? entry.message.trimEnd() : printable(entry.message);
  return `${head}${text.replaceAll('\n', `\n${' '.repeat(head.length)}`)}\n`;
}

// Colours are removed. A message with other control characters is not shown at all.
function printable(message: string): string {
  const plain = stripVTControlCharacters(message).trimEnd().replaceAll('\t', ' '.repeat(8));
  return /[^\P{Cc}\n]/u.test(plain) ? `[${Buffer.byteLength(message)}B blob data]` : plain;
}

// A field that is not text is written as bytes. One that is too long is omitted unless `all` is set.
function jsonOf({ entry, host, all }: Shown): Record<string, unknown> {
  const values = Object.entries(fieldsOf(entry, host)).map(([name, value]) => [name, jsonValue(value, all)] as const);
  return Object.fromEntries(values);
}

function jsonValue(value: string, all: boolean): string | number[] | null {
  if (!all && Buffer.byteLength(value) >= longestJsonBytes) return null;
  return /[^\P{Cc}\n\t]/u.test(value) ? [...Buffer.from(value)] : value;
}

// Text with line breaks or control characters is preceded by its length.
function exportField([name, value]: readonly [string, string]): Uint8Array {
  if (!/[^\P{Cc}\t]/u.test(value)) return Buffer.from(`${name}=${value}\n`);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(value)));
  return Buffer.concat([Buffer.from(`${name}\n`), length, Buffer.from(`${value}\n`)]);
}

function timeOf({ entry }: Shown): Date {
  return new Date(Math.floor(entry.atUs / 1000));
}

function date(shown: Shown): string {
  return timeOf(shown).toISOString().slice(0, 10);
}

function clockTime(shown: Shown): string {
  return timeOf(shown).toISOString().slice(11, 19);
}

function weekday(shown: Shown): string {
  return timeOf(shown).toUTCString().slice(0, 3);
}

function monthDay(shown: Shown): string {
  return `${timeOf(shown).toUTCString().slice(8, 11)} ${date(shown).slice(8)}`;
}

function fraction({ entry }: Shown): string {
  return String(entry.atUs % 1_000_000).padStart(6, '0');
}

function seconds(us: number): string {
  return (us / 1_000_000).toFixed(6).padStart(12);
}

function monotonic(entry: JournalEntry): string {
  return seconds(monotonicUs(entry));
}

function delta({ entry, previous }: Shown): string {
  return previous ? `<${seconds(entry.atUs - previous.atUs)} >` : ' '.repeat(15);
}

const longestJsonBytes = 4096;
