import { readFileSync } from 'node:fs';

/**
 * What the kernel calls this run of the device, the same in each of its containers. Unknown where there is no Linux, or where
 * it is hidden.
 */
export function deviceBootId(): string | undefined {
  try {
    const text = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return /^[\da-f-]{1,64}$/i.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
