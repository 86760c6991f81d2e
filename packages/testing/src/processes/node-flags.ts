/** Flags with which Node runs TypeScript sources of the workspace, without a build. */
export const sourceFlags = [
  '--conditions=@serve.zone/source',
  `--import=${new URL('./resolve-sources.mjs', import.meta.url).href}`,
];

/**
 * The flag with which Node, started by root, runs a program as another user. Node itself may be where that user cannot start
 * it, as in a checkout that only root may enter. The user must be able to read the program.
 */
export function runAsUserFlag(uid: number): string {
  return `--import=${new URL('./run-as-user.mjs', import.meta.url).href}?uid=${uid}`;
}
