import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const kernelsFile = '/proc/sys/kernel/random/boot_id';

/**
 * A file in the place of the kernel's boot ID, for programs in mount namespaces of their own: to them the device has booted
 * again when the file has changed before their start. Linux alone can do that, for root.
 */
export class ShownBootId {
  readonly #path: string;

  /** Whether this machine can show programs another file. */
  static isPossible(): boolean {
    try {
      execFileSync('unshare', enter('/dev/null', ['true']), { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }

  constructor(path: string, bootId: string) {
    this.#path = path;
    this.change(bootId);
  }

  change(bootId: string): void {
    writeFileSync(this.#path, `${bootId}\n`);
  }

  /** What stands in front of a program that is to see it. The process is the program's own. */
  get enter(): string[] {
    return ['unshare', ...enter(this.#path, [])];
  }
}

function enter(path: string, argv: readonly string[]): string[] {
  return ['--mount', 'sh', '-c', `mount --bind "$0" ${kernelsFile} && exec "$@"`, path, ...argv];
}
