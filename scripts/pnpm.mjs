import { readFileSync } from 'node:fs';

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** The command of the one pnpm that the repository is built with, for a machine that has npm alone. */
export const pnpm = `npx -y ${packageManager.split('+')[0]}`;
