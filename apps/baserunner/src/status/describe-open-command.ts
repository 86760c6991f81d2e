import type { ShownCommand } from '@serve.zone/baseos-runner-core';
import { describeDuration } from './describe-duration.js';

/** What a command without an outcome does or waits for: `downloading for 2 min, 40 %. It ...` */
export function describeOpenCommand(
  { phase, reason, progressPercent, sinceMs }: Omit<ShownCommand, 'id' | 'kind' | 'service'>,
  /** What it is where its phase is not known. */
  otherwise: string,
): string {
  const words = phase === undefined ? otherwise : (phases[phase] ?? phase);
  const since = sinceMs === undefined ? '' : ` for ${describeDuration(sinceMs)}`;
  const progress = progressPercent === undefined ? '' : `, ${Math.round(progressPercent)} %`;
  return `${words}${since}${progress}${reason === undefined ? '' : `. ${reason}`}`;
}

/** A command as people call it: `restart-service main`. */
export function nameOfCommand({ kind, service }: Pick<ShownCommand, 'kind' | 'service'>): string {
  return service === undefined ? String(kind) : `${kind} ${service}`;
}

const phases: Readonly<Record<string, string>> = {
  postponed: 'postponed',
  'waiting-for-lock': 'waiting for an update lock',
  downloading: 'downloading',
  installing: 'installing',
  restarting: 'restarting',
  verifying: 'checking that it keeps running',
};
