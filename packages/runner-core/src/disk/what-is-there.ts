import { dirname } from 'node:path';
import { volumeOf } from './impermanence.js';
import type { Diagnosis, StorageScene } from './storage-scene.js';
import { walkPath } from './walk-path.js';

/** What is wrong with what is there, whatever the error says: its code has many causes. */
export async function diagnoseWhatIsThere(scene: StorageScene): Promise<Diagnosis | undefined> {
  return noDirectoryThere(scene) ?? (await kernelsOwn(scene)) ?? (await obstacleAtTheFile(scene));
}

/** The path is not a directory, or does not exist. */
function noDirectoryThere({ walked, code }: StorageScene): Diagnosis | undefined {
  switch (walked.kind) {
    case 'loop':
      return { code: 'link-loop', path: walked.link };
    case 'no-directory':
      return noDirectory(walked.path, walked.what === 'file');
    case 'found':
      return walked.status.kind === 'directory' ? undefined : noDirectory(walked.path, walked.status.kind === 'file');
    case 'missing':
      if (walked.link) {
        return { code: 'link-dangling', path: walked.link.path, target: walked.link.target, part: walked.at };
      }
      return code === 'ENOENT' ? { code: 'directory-missing', part: walked.at } : undefined;
    default:
      return undefined;
  }
}

function noDirectory(path: string, isFile: boolean): Diagnosis {
  return { code: 'not-a-directory', path, reason: isFile ? 'a file' : 'a pipe, a socket or a device' };
}

/** Something other than a file has the name of a file. */
async function obstacleAtTheFile({
  file,
  blocked,
  statePath,
  fileSystem,
  code,
}: StorageScene): Promise<Diagnosis | undefined> {
  switch (file?.kind) {
    case 'directory':
      if (isAbove(blocked, statePath)) return undefined;
      return { code: blocked === statePath ? 'state-is-directory' : 'directory-in-the-way' };
    case 'other':
      return { code: blocked === statePath ? 'not-a-file' : 'special-file-in-the-way' };
    case 'link': {
      const walked = await walkPath(fileSystem, blocked);
      if (walked.kind === 'loop') {
        return blocked === statePath ? { code: 'link-loop', path: walked.link } : { code: 'link-in-the-way' };
      }
      if (walked.kind !== 'missing') return code === 'ELOOP' ? { code: 'link-in-the-way' } : undefined;
      return { code: 'link-dangling', target: walked.path, part: walked.at };
    }
    default:
      if (code !== 'EISDIR') return undefined;
      return blocked === statePath ? { code: 'state-is-directory' } : { code: 'directory-in-the-way' };
  }
}

function isAbove(directory: string, path: string): boolean {
  const parent = dirname(path);
  return parent === directory || (parent !== path && isAbove(directory, parent));
}

/** What the system reports there about attributes and owners is not about a disk. */
async function kernelsOwn({ fileSystem, directory }: StorageScene): Promise<Diagnosis | undefined> {
  const isKernels = kernelTypes.has((await volumeOf(fileSystem, directory))?.linuxType ?? 0);
  return isKernels ? { code: 'kernel-file-system' } : undefined;
}

/** proc, sysfs, cgroup, cgroup2, devpts, debugfs and tracefs, as statfs(2) numbers them. */
const kernelTypes: ReadonlySet<number> = new Set([
  0x9f_a0, 0x62_65_65_72, 0x27_e0_eb, 0x63_67_72_70, 0x1c_d1, 0x64_62_67_20, 0x74_72_61_63,
]);
