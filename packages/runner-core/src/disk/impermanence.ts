import { dirname } from 'node:path';
import type { FileSystem, VolumeFacts } from '../ports/file-system.js';
import type { Problem } from '../values/problem.js';
import { walkPath } from './walk-path.js';

/** Why stored data is lost sooner or later: the message says where it is stored, and when it is lost. */
export interface Impermanence extends Problem {
  code: 'identity-impermanent';
}

/** `undefined` if the data in the state directory lasts, or if that is not known. */
export async function impermanenceOf(fileSystem: FileSystem, statePath: string): Promise<Impermanence | undefined> {
  const directory = dirname(statePath);
  const volume = await volumeOf(fileSystem, directory);
  const reason = volume && reasonOf(volume);
  if (reason === undefined) return undefined;
  return {
    code: 'identity-impermanent',
    message: `${directory} ${reason} The device then has to register as a new node.`,
    remedy: 'Mount a volume there, or set BASEOS_STATE_PATH to a file on one. Keep BASEOS_JOIN_TOKEN set until then.',
  };
}

/** Of the disk that holds a directory, or that will hold it once it is made. */
export async function volumeOf(fileSystem: FileSystem, directory: string): Promise<VolumeFacts | undefined> {
  const walked = await walkPath(fileSystem, directory);
  if (walked.kind === 'found') return fileSystem.volume(walked.path);
  return walked.kind === 'missing' ? fileSystem.volume(dirname(walked.at)) : undefined;
}

function reasonOf({ linuxType }: VolumeFacts): string | undefined {
  if (linuxType === undefined) return undefined;
  if (inMemory.has(linuxType)) {
    return 'is in memory: what is stored there is lost with the next restart of the device or the container.';
  }
  return inLayers.has(linuxType)
    ? 'is in a layer of the container and not on a volume: what is stored there is lost when the container is replaced, for example by an update.'
    : undefined;
}

/** tmpfs and ramfs, as statfs(2) numbers them. */
const inMemory: ReadonlySet<number> = new Set([0x01_02_19_94, 0x85_84_58_f6]);

/** overlayfs and aufs. */
const inLayers: ReadonlySet<number> = new Set([0x79_4c_76_30, 0x61_75_66_73]);
