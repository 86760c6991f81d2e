import type { WalkedPath } from './walk-path.js';

/**
 * Why a path leads to no directory, in a clause: of most of these the system says no more than that a call failed.
 * `undefined` where it leads to one, and where nothing is in the way but that it is missing or closed to this user.
 */
export function obstacleOnTheWay(walked: WalkedPath): string | undefined {
  switch (walked.kind) {
    case 'loop':
      return `the symbolic link ${walked.link} leads back to itself`;
    case 'no-directory':
      return noDirectory(walked.path, walked.what === 'file');
    case 'found':
      return walked.status.kind === 'directory' ? undefined : noDirectory(walked.path, walked.status.kind === 'file');
    case 'missing':
      return (
        walked.link &&
        `the symbolic link ${walked.link.path} leads to ${walked.link.target}, and ${walked.at} is missing`
      );
    default:
      return undefined;
  }
}

function noDirectory(path: string, isFile: boolean): string {
  return `${path} is ${isFile ? 'a file' : 'a pipe, a socket or a device'} and not a directory`;
}
