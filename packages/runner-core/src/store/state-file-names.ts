import { basename } from 'node:path';

/** Why a file was kept aside: nothing of it could be used, another node took its place, or it was reset. */
export type AsideKind = 'damaged' | 'replaced' | 'reset';

export function copyPathOf(statePath: string): string {
  return `${statePath}.last-good`;
}

/** Such as `state.json.damaged-3`. */
export function asidePathOf(statePath: string, kind: AsideKind, number: number): string {
  return `${statePath}.${kind}-${number}`;
}

/** The numbers of those files among the names of the directory, the oldest first. */
export function asideNumbers(names: readonly string[], statePath: string, kind: AsideKind): number[] {
  const prefix = `${basename(statePath)}.${kind}-`;
  return names
    .filter((name) => name.startsWith(prefix) && /^\d{1,9}$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .toSorted((one, other) => one - other);
}

/** Whether a file of that name may hold what an agent once stored, beside the state file and its copy. */
export function isRemnant(name: string, statePath: string): boolean {
  const base = basename(statePath);
  const rest = name.startsWith(base) ? name.slice(base.length) : '';
  return /^(?:\.last-good)?\.tmp$/.test(rest) || /^\.(?:damaged|replaced|reset)-\d{1,9}(?:\.tmp)?$/.test(rest);
}
