import type { RunnerConfig } from '../config/runner-config.js';
import { digestOf } from '../identity/environment-token.js';

/** The part of the configuration that the loop needs. */
export interface LoopSettings {
  cloudlyUrl: URL;
  joinTokenDigest: string | undefined;
  environmentToken: RunnerConfig['nodeToken'];
}

export function loopSettings(config: RunnerConfig): LoopSettings | undefined {
  return (
    config.cloudlyUrl && {
      cloudlyUrl: config.cloudlyUrl,
      joinTokenDigest: config.joinToken && digestOf(config.joinToken),
      environmentToken: config.nodeToken,
    }
  );
}
