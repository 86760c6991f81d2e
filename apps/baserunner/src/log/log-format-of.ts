import type { RunnerConfig } from '@serve.zone/baseos-runner-core';

/** The format of lines on stderr, even if the environment has mistakes. If this setting is mistaken, the format is text. */
export function logFormatOf(env: Readonly<Record<string, string | undefined>>): RunnerConfig['logFormat'] {
  return env['BASEOS_LOG_FORMAT']?.toLowerCase() === 'json' ? 'json' : 'pretty';
}
