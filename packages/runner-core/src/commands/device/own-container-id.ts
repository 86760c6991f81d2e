import { readFileSync } from 'node:fs';

/** The ID of the container that this process runs in; unknown outside of one, or where the kernel hides it. */
export function ownContainerId(): string | undefined {
  try {
    return containerIdIn(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * The container whose files are mounted here: the engine mounts `/etc/hostname`, `/etc/hosts` and `/etc/resolv.conf` from
 * the folder of the container, also on the network of the host.
 */
export function containerIdIn(mountInfo: string): string | undefined {
  return /\/containers\/([\da-f]{64})\/\S* \/etc\/(?:hostname|hosts|resolv\.conf) /.exec(mountInfo)?.[1];
}
