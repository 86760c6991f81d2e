import process from 'node:process';
import { readableConfigFromEnv } from '../config/config-from-env.js';
import type { Environment } from '../config/parse-config.js';
import { readLastHang } from './last-hang.js';
import { gatherNodeFacts } from './node-facts.js';
import { observeDevice } from './observe-device.js';
import type { ReportOptions } from './report-options.js';
import { type StatusReport, statusReport } from './status-report.js';

export interface ReportStatusOptions extends ReportOptions {
  /** When the program was built, as milliseconds since 1970: a correct clock is never earlier. */
  builtMs?: number | undefined;
}

/**
 * The state of this device, read from outside: the stored identity, the Supervisor, and what a running agent published.
 * It registers nothing, writes nothing, locks nothing, and works with and without a running agent.
 *
 * @throws {BaseRunnerError} `invalid-configuration` where the paths of the state or the live status are mistaken.
 */
export async function reportStatus(
  environment: Environment = process.env,
  { builtMs, ...options }: ReportStatusOptions = {},
): Promise<StatusReport> {
  const config = readableConfigFromEnv(environment);
  const [facts, observation, lastHang] = await Promise.all([
    gatherNodeFacts(config),
    observeDevice(config, options),
    readLastHang(config),
  ]);
  return statusReport(facts, { observation, lastHang, builtMs });
}
