import process from 'node:process';
import { readableConfigFromEnv } from '../config/config-from-env.js';
import type { Environment } from '../config/parse-config.js';
import { type CommandsReport, commandsReport } from './commands-report.js';
import { gatherNodeFacts } from './node-facts.js';

/**
 * The commands of Cloudly and what became of each. It writes nothing and locks nothing, and works with and without a running
 * agent.
 *
 * @throws {BaseRunnerError} `invalid-configuration` where the paths of the state or the live status are mistaken.
 */
export async function reportCommands(environment: Environment = process.env): Promise<CommandsReport> {
  return commandsReport(await gatherNodeFacts(readableConfigFromEnv(environment)));
}
