import type { WalkedPath } from './walk-path.js';

/**
 * Why a path does not lead to a directory, in a clause; for most of these causes, the system reports only that a call
 * failed. `undefined` if it leads to a directory, or if it is only missing or not accessible to this user.
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
