import type { RunnerConfig } from '@serve.zone/baseos-runner-core';

/** The settings that say how Cloudly is reached. */
export const wayToCloudly: readonly string[] = [
  'BASEOS_CLOUDLY_URL',
  'BASEOS_ALLOW_INSECURE_HTTP',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'BASEOS_CA_FILE',
  'BASEOS_CA_PEM',
];

/** With a mistake in one of them, a look would go another way than the agent. */
export function isWayKnown({ mistakes = [] }: RunnerConfig): boolean {
  return !mistakes.some(({ variable }) => wayToCloudly.includes(variable));
}
