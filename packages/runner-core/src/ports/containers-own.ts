import { access, readFile, realpath } from 'node:fs/promises';

/** What container engines leave in the root of every container. */
const marks = ['/.dockerenv', '/run/.containerenv'];

/**
 * Whether a path is in the root file system of this container, whatever kind that is; undefined outside a container, and
 * where it cannot be told.
 */
export const isContainersOwn = async (path: string): Promise<boolean | undefined> => {
  if (process.platform !== 'linux') return undefined;
  try {
    await Promise.any(marks.map(async (mark) => access(mark)));
    return mountPointOf(await realpath(path), await readFile('/proc/self/mountinfo', 'utf8')) === '/';
  } catch {
    return undefined;
  }
};

/** The mount that a path without links lies on, by the fifth field of each line of mountinfo (proc(5)). */
export const mountPointOf = (path: string, mountInfo: string): string | undefined => {
  const points = mountInfo.split('\n').flatMap((line) => {
    const point = line
      .split(' ')[4]
      ?.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
    return point === undefined ? [] : [point];
  });
  const above = points.filter((point) => point === '/' || path === point || path.startsWith(`${point}/`));
  return above.toSorted((one, other) => other.length - one.length)[0];
};
