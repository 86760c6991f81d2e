import { strategies } from '../model/strategy.js';
import type { UpdateStrategy } from '../model/strategy.js';

/** What a service may be given, by an option or by a release. */
export interface GivenService {
  serviceName: string;
  strategy?: UpdateStrategy;
  downloadDurationMs?: number;
  stopDurationMs?: number;
}

/** What is wrong with it, as a sentence; undefined if nothing is. */
export function serviceMistake(service: GivenService): string | undefined {
  const { serviceName, strategy, downloadDurationMs = 0, stopDurationMs = 0 } = service;
  if (typeof serviceName !== 'string' || serviceName === '') return 'serviceName must be a non-empty string.';
  if (strategy !== undefined && !strategies.includes(strategy)) {
    return `strategy must be one of ${strategies.join(', ')}.`;
  }
  const wrong = Object.entries({ downloadDurationMs, stopDurationMs }).find(([, value]) => !isDuration(value));
  return wrong && `${wrong[0]} must be a number of milliseconds, 0 or more.`;
}

/** Whether this is a time in ms that can pass. */
export function isDuration(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}
