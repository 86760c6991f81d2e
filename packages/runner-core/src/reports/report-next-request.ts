import process from 'node:process';
import { readableConfigFromEnv } from '../config/config-from-env.js';
import type { Environment } from '../config/parse-config.js';
import { type NextRequestReport, nextRequestReport } from './next-request-report.js';
import { gatherNodeFacts } from './node-facts.js';
import { observeDevice } from './observe-device.js';
import type { ReportOptions } from './report-options.js';

/**
 * The next call to Cloudly exactly as it would be sent, its secrets shown as `[redacted]`. It sends nothing, writes nothing
 * and locks nothing, and works with and without a running agent.
 *
 * @throws {BaseRunnerError} `invalid-configuration` where no agent runs and the mistakes in the environment let none start, or
 * the paths of the state or the live status are mistaken.
 */
export async function reportNextRequest(
  environment: Environment = process.env,
  options: ReportOptions = {},
): Promise<NextRequestReport> {
  const config = readableConfigFromEnv(environment);
  const facts = await gatherNodeFacts(config);
  return nextRequestReport(facts, async () => observeDevice(config, options));
}
