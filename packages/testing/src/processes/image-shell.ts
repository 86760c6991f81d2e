import { existsSync } from 'node:fs';

const busybox = '/bin/busybox';

/** The `sh` of BaseRunner's image, or the machine's where BusyBox is not installed (`test:tools` does that). */
export const imageShell: readonly [string, ...string[]] = existsSync(busybox) ? [busybox, 'sh'] : ['/bin/sh'];
