import { spawnSync } from 'node:child_process';

/** The Python that `python3-jsonschema` is installed for; another one may stand before it in PATH. */
export const debianPython = '/usr/bin/python3';

export const hasJsonschema = spawnSync(debianPython, ['-c', 'import jsonschema']).status === 0;

/** For the title of a test that needs it. */
export const unlessJsonschema = hasJsonschema ? '' : ' (needs npx -y pnpm@12.21.0 run test:tools, as root on Debian)';
