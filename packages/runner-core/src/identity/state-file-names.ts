import { basename } from 'node:path';

/** Why a file was kept aside: nothing of it could be used, another node took its place, or it was reset. */
export type AsideKind = 'damaged' | 'replaced' | 'reset';

export const copyPathOf = (statePath: string): string => `${statePath}.last-good`;

/** Such as `state.json.damaged-3`. */
export const asidePathOf = (statePath: string, kind: AsideKind, number: number): string =>
  `${statePath}.${kind}-${number}`;

/** The numbers of those files among the names of the directory, the oldest first. */
export const asideNumbers = (names: readonly string[], statePath: string, kind: AsideKind): number[] => {
  const prefix = `${basename(statePath)}.${kind}-`;
  return names
    .filter((name) => name.startsWith(prefix) && /^\d{1,9}$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .toSorted((one, other) => one - other);
};

/** Whether a file of that name may hold what an agent once stored, beside the state file and its copy. */
export const isRemnant = (name: string, statePath: string): boolean => {
  const base = basename(statePath);
  const rest = name.startsWith(base) ? name.slice(base.length) : '';
  return /^(?:\.last-good)?\.tmp$/.test(rest) || /^\.(?:damaged|replaced|reset)-\d{1,9}(?:\.tmp)?$/.test(rest);
};
