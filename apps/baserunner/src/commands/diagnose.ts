import { resolve } from 'node:path';
import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import { parseConfig, whoseIs } from '@serve.zone/baseos-runner-core';
import type { CommandContext } from '../cli/command-context.js';
import { archiveFiles } from '../diagnose/archive-files.js';
import { gatherDocuments } from '../diagnose/gather-documents.js';
import { makeArchive, writeNewFile } from '../diagnose/write-archive.js';

/** Writes an archive for a bug report and prints its path, or the archive itself where `output` is `-`. */
export async function diagnose(
  { env, stdout, stderr }: CommandContext,
  { output }: { output: string | undefined },
): Promise<ExitCode> {
  if (output === '-' && 'isTTY' in stdout && stdout.isTTY === true) {
    stderr.write(
      'baserunner: The archive is binary and no text for a terminal. Send it on: --output - >file.tar.gz.\n',
    );
    return 2;
  }
  const madeAt = new Date();
  const name = `baseos-diagnosis-${madeAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}`;
  const files = archiveFiles(await gatherDocuments(env), madeAt.toISOString());
  const archive = makeArchive(name, files, madeAt.getTime());
  if (output === '-') {
    // process.stdout takes bytes as well as text, as whoever pipes them somewhere expects.
    (stdout as unknown as { write(bytes: Uint8Array): unknown }).write(archive);
    return 0;
  }
  const path = resolve(output ?? `${name}.tar.gz`);
  const parsed = parseConfig(env);
  const claim = await whoseIs(path, parsed.ok ? parsed.config : parsed.usable);
  if (claim !== undefined) {
    stderr.write(`baserunner: ${escapeControls(path)} is kept for ${claim}. Name another file with --output.\n`);
    return 1;
  }
  try {
    await writeNewFile(path, archive);
  } catch (error) {
    stderr.write(`baserunner: ${escapeControls(describe(error, path))}\n`);
    return 1;
  }
  stderr.write(
    'baserunner: README.txt in it says what it holds, and what was replaced. Read it through before you publish it.\n',
  );
  stdout.write(`${escapeControls(path)}\n`);
  return 0;
}

function describe(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
  if (code === 'EEXIST') return `${path} is there already and stays as it is. Name another file with --output.`;
  return `${path} cannot be written (${code}). Name a file elsewhere with --output, or have it on stdout: --output - >file.`;
}
