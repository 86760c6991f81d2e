import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import type { StandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';
import { deviceVariables } from './device-variables.js';
import { startBaseRunner } from './start-base-runner.js';

/** How the node IDs of further devices begin. */
const FURTHER = 'device-';

export function isFurtherDevice(nodeId: string): boolean {
  return nodeId.startsWith(FURTHER);
}

/**
 * Starts devices beside the first one, of which nothing is shown.
 *
 * @returns how to end them.
 */
export async function startFurtherDevices(options: {
  count: number;
  folder: string;
  cloudly: StandaloneCloudly;
  joinToken: string;
}): Promise<() => Promise<void>> {
  const { count, folder, cloudly, joinToken } = options;
  const numbers = Array.from({ length: count }, (_, index) => index + 2);
  const ends = await Promise.all(
    numbers.map(async (number) => {
      const supervisor = createSupervisor();
      const { address, close } = await supervisor.listen();
      const device = join(folder, `device-${number}`);
      await mkdir(join(device, 'run'), { recursive: true });
      const variables = deviceVariables({ device, cloudlyUrl: cloudly.url, address, supervisor, joinToken });
      const baseRunner = startBaseRunner({
        variables: { ...variables, BASEOS_NODE_ID: `${FURTHER}${number}` },
        onLine: () => undefined,
      });
      return async () => {
        await baseRunner.stop();
        await close();
      };
    }),
  );
  return async () => void (await Promise.all(ends.map((end) => end())));
}
