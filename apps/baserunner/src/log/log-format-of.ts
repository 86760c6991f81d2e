import type { RunnerConfig } from '@serve.zone/baseos-runner-core';

/** How an environment wants lines on stderr, also where it has mistakes. One in this very setting is told as text. */
export function logFormatOf(env: Readonly<Record<string, string | undefined>>): RunnerConfig['logFormat'] {
  return env['BASEOS_LOG_FORMAT']?.toLowerCase() === 'json' ? 'json' : 'pretty';
}
