import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { RunnerConfig } from './runner-config.js';

/** The paths of a configuration with links resolved, as far as they exist. It never throws. */
export async function realPaths<
  Config extends Pick<RunnerConfig, 'statePath'> & Partial<Pick<RunnerConfig, 'runPath' | 'metricsListen'>>,
>(config: Config): Promise<Config> {
  const { statePath, runPath, metricsListen } = config;
  return {
    ...config,
    statePath: await realPath(statePath),
    ...(runPath !== undefined && { runPath: await realPath(runPath) }),
    ...(metricsListen?.kind === 'unix' && {
      metricsListen: { ...metricsListen, path: await realPath(metricsListen.path) },
    }),
  };
}

/** As many as Linux follows in one path. */
const LINKS_MAX = 40;

/** For a path that does not exist yet, the place where it would be created. */
async function realPath(path: string, linksLeft = LINKS_MAX): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const target = await readlink(path).catch(() => undefined);
    const parent = dirname(path);
    if (target !== undefined && linksLeft > 0) return realPath(resolve(parent, target), linksLeft - 1);
    return parent === path ? path : join(await realPath(parent, linksLeft), basename(path));
  }
}
