/**
 * What `src/about/build-time.ts` asks of the build: the day of it. SOURCE_DATE_EPOCH, in seconds, gives another one to a build that
 * is to be made again byte by byte.
 */
export function buildTime(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const epochSeconds = Number(env['SOURCE_DATE_EPOCH'] || Number.NaN);
  const built = Number.isNaN(epochSeconds) ? new Date() : new Date(epochSeconds * 1000);
  return { BASEOS_BUILT_ON: JSON.stringify(built.toISOString().slice(0, 10)) };
}
