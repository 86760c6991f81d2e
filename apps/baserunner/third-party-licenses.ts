import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * Writes the licenses of every package that went into a bundle into a file beside it: as the licenses demand, the
 * notices are distributed together with the bundle.
 *
 * @param embedded the inputs of what was built apart and put into the bundle as data
 */
export function thirdPartyLicenses(fileName: string, embedded: () => readonly string[] = () => []): Plugin {
  return {
    name: 'third-party-licenses',
    setup: (build) => {
      const { outdir = '.' } = build.initialOptions;
      build.initialOptions.metafile = true;
      build.onEnd(async ({ metafile }) => {
        const inputs = [...Object.keys(metafile?.inputs ?? {}), ...embedded()];
        const folders = new Set(inputs.flatMap((input) => packageFolder(input) ?? []));
        const notices = await Promise.all([...folders].map(noticeOf));
        await mkdir(outdir, { recursive: true });
        await writeFile(join(outdir, fileName), notices.toSorted().join(`\n${'-'.repeat(80)}\n\n`));
      });
    },
  };
}

function packageFolder(input: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

async function noticeOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license: string;
  };
  return `${name} ${version} (${license})\n\n${(await licenseText(folder)).trim()}\n`;
}

/** In a file of its own, or as a section of the README. */
async function licenseText(folder: string): Promise<string> {
  const entries = await readdir(folder);
  const read = async (pattern: RegExp): Promise<string> => {
    const found = entries.find((entry) => pattern.test(entry));
    return found === undefined ? '' : readFile(join(folder, found), 'utf8');
  };
  const section = /^#+ *licen[cs]e\b[^]*/im;
  const text = (await read(/^licen[cs]e/i)) || section.exec(await read(/^readme/i))?.[0] || '';
  // A section that only names the license is not a notice.
  if (!/permission|redistribution/i.test(text)) {
    throw new Error(`${folder} has no text of its license: its notice must come from elsewhere`);
  }
  return `${text.trim()}\n\n${await read(/^notice/i)}`;
}
