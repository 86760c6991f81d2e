import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type StandaloneCloudly,
  type StandaloneCloudlyOptions,
  startStandaloneCloudly,
} from '../src/service/start-standalone-cloudly.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

/** A server that runs until the test ends, with the `--data` for commands beside it. */
export async function startServer(
  options: Partial<StandaloneCloudlyOptions> = {},
): Promise<StandaloneCloudly & { data: string }> {
  const data = join(temporaryFolder(), 'fleet.sqlite');
  const cloudly = await startStandaloneCloudly({ databasePath: data, ...options });
  onTestFinished(() => cloudly.close());
  return { ...cloudly, data };
}
