import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import type { FileStatus, FileSystem } from '../ports/file-system.js';
import { errorCode } from './error-code.js';

/** Where a path leads when each of its links is followed. */
export type WalkedPath =
  | { kind: 'found'; path: string; status: FileStatus }
  /** Nothing is at `at`, where a directory or, where it is `path`, the end of the path would be. */
  | { kind: 'missing'; path: string; at: string; link?: Link | undefined }
  /** Links lead to each other. */
  | { kind: 'loop'; link: string }
  /** Something other than a directory is in its place. */
  | { kind: 'no-directory'; path: string; what: 'file' | 'other' }
  /** The system does not let this process look. */
  | { kind: 'refused'; path: string; error: unknown };

/** A link on the way, and what is written in it. */
export interface Link {
  path: string;
  target: string;
}

/** As many as Linux follows (path_resolution(7)). */
const LINKS_MAX = 40;

/** Follows a path as the system does, name by name, and returns where it ends. It never throws. */
export async function walkPath(fileSystem: FileSystem, path: string): Promise<WalkedPath> {
  const absolute = resolve(path);
  let here = parse(absolute).root;
  let steps = stepsOf(absolute, undefined);
  let links = 0;
  let status: FileStatus = { kind: 'directory', mode: 0o755 };
  for (let step = steps.shift(); step; step = steps.shift()) {
    const { name, link } = step;
    if (name === '..') {
      here = dirname(here);
      continue;
    }
    const at = join(here, name);
    try {
      status = await fileSystem.status(at);
      if (status.kind === 'link') {
        links += 1;
        if (links > LINKS_MAX) return { kind: 'loop', link: link?.path ?? at };
        const target = await fileSystem.readLink(at);
        if (isAbsolute(target)) here = parse(target).root;
        steps = stepsOf(target, link ?? { path: at, target }).concat(steps);
        continue;
      }
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') return { kind: 'refused', path: at, error };
      return { kind: 'missing', path: join(at, ...steps.map((next) => next.name)), at, link };
    }
    here = at;
    if (steps.length > 0 && status.kind !== 'directory')
      return { kind: 'no-directory', path: at, what: whatOf(status) };
  }
  return { kind: 'found', path: here, status };
}

interface Step {
  name: string;
  /** The link of the path as it was given that the name comes from. */
  link: Link | undefined;
}

function stepsOf(path: string, link: Link | undefined): Step[] {
  return path
    .slice(isAbsolute(path) ? parse(path).root.length : 0)
    .split(sep)
    .filter((name) => name !== '' && name !== '.')
    .map((name) => ({ name, link }));
}

function whatOf({ kind }: FileStatus): 'file' | 'other' {
  return kind === 'file' ? 'file' : 'other';
}
