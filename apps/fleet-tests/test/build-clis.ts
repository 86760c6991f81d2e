import { shareResource } from '../../../test/shared-resources/shared-resource.js';

export interface BuiltCli {
  path: string;
}

/** The agent's program as it is shipped. */
export async function buildBaseRunner(): Promise<BuiltCli> {
  return { path: await shareResource('baserunner') };
}

/** The stand-alone Cloudly's program as it is shipped. */
export async function buildCloudly(): Promise<BuiltCli> {
  return { path: await shareResource('cloudly-standalone') };
}
