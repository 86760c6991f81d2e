import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What a person makes of a text in $VISUAL or $EDITOR, else `vi`, on the terminal of this process.
 *
 * @throws Error if the editor cannot be started, or fails.
 */
export async function editText(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  fileName = 'text.txt',
): Promise<string> {
  const editor = env['VISUAL'] || env['EDITOR'] || 'vi';
  const folder = await mkdtemp(join(tmpdir(), 'cloudly-'));
  try {
    const path = join(folder, fileName);
    await writeFile(path, text, { mode: 0o600 });
    // The variable may contain flags, as in `code --wait`.
    const child = spawn('sh', ['-c', `${editor} "$@"`, editor, path], { stdio: 'inherit', env });
    const [exitCode] = (await once(child, 'close')) as [number | null];
    if (exitCode !== 0) throw new Error(`The editor ${editor} ended with ${exitCode ?? 'a signal'}`);
    return await readFile(path, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
