import { resolve } from 'node:path';
import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import { parseConfig, whoseIs } from '@serve.zone/baseos-runner-core';
import type { CommandContext } from '../cli/command-context.js';
import { isTerminal } from '../cli/terminal.js';
import { writeResult } from '../cli/write-result.js';
import { archiveFiles } from '../diagnose/archive-files.js';
import { gatherDocuments } from '../diagnose/gather-documents.js';
import { makeArchive, writeNewFile } from '../diagnose/write-archive.js';

/** What `baserunner diagnose --json` prints. */
export interface WrittenArchive {
  path: string;
  /** The files in it. */
  files: readonly string[];
}

/** Writes an archive for a bug report and prints its path, or the archive itself where `output` is `-`. */
export async function diagnose(
  { env, stdout, stderr }: CommandContext,
  { output, json }: { output: string | undefined; json: boolean },
): Promise<ExitCode> {
  if (output === '-' && isTerminal(stdout)) {
    stderr.write(
      'baserunner: The archive is binary and cannot be shown on a terminal. Redirect it: --output - >file.tar.gz\n',
    );
    return 2;
  }
  const madeAt = new Date();
  const name = `baseos-diagnosis-${madeAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}`;
  const files = archiveFiles(await gatherDocuments(env), madeAt.toISOString());
  const archive = makeArchive(name, files, madeAt.getTime());
  if (output === '-') {
    // process.stdout takes bytes as well as text.
    (stdout as unknown as { write(bytes: Uint8Array): unknown }).write(archive);
    return 0;
  }
  const path = resolve(output ?? `${name}.tar.gz`);
  const parsed = parseConfig(env);
  const claim = await whoseIs(path, parsed.ok ? parsed.config : parsed.usable);
  if (claim !== undefined) {
    stderr.write(`baserunner: ${escapeControls(path)} is reserved for ${claim}. Choose another file with --output.\n`);
    return 1;
  }
  try {
    await writeNewFile(path, archive);
  } catch (error) {
    stderr.write(`baserunner: ${escapeControls(describe(error, path))}\n`);
    return 1;
  }
  stderr.write(
    'baserunner: README.txt in the archive lists what it contains and what was replaced. Review the archive before you publish it.\n',
  );
  if (json) writeResult(stdout, { path, files: Object.keys(files) } satisfies WrittenArchive);
  else stdout.write(`${escapeControls(path)}\n`);
  return 0;
}

function describe(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
  if (code === 'EEXIST') return `${path} already exists and was not changed. Choose another file with --output.`;
  return `${path} cannot be written (${code}). Choose another place with --output, or write to stdout: --output - >file`;
}
