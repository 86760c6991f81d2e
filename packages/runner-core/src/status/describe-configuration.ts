import type { LogLevel } from '@serve.zone/baseos-contracts';
import type { RunnerConfig, Settings } from '../config/runner-config.js';
import type { PlainValue, Setting, ShownValue } from '../config/setting.js';
import { settings } from '../config/settings.js';
import type { RunnerStatus } from './runner-status.js';

type Configuration = RunnerStatus['configuration'];

/** What is in force beside the environment. */
export interface InForce {
  /** Cloudly's pace, if it gave one. */
  cloudlyIntervalMs?: number | undefined;
  /** Cloudly's log level, if it gave one. */
  cloudlyLogLevel?: LogLevel | undefined;
  nodeId?: string | undefined;
}

/** Every setting with the value in force and where it came from. A secret shows only that it is set. */
export function describeConfiguration(config: RunnerConfig, inForce: InForce): Configuration {
  const configuration = { ...describedOnce(config) };
  const { cloudlyIntervalMs, cloudlyLogLevel, nodeId } = inForce;
  if (cloudlyIntervalMs !== undefined) {
    configuration['BASEOS_HEARTBEAT_INTERVAL_MS'] = { value: cloudlyIntervalMs, source: 'cloudly' };
  }
  if (cloudlyLogLevel !== undefined) configuration['BASEOS_LOG_LEVEL'] = { value: cloudlyLogLevel, source: 'cloudly' };
  if (nodeId !== undefined && config.nodeId === undefined) {
    configuration['BASEOS_NODE_ID'] = { value: nodeId, source: 'state-file' };
  }
  return configuration;
}

/** A configuration never changes, and a running agent describes it at every turn. */
const described = new WeakMap<RunnerConfig, Configuration>();

function describedOnce(config: RunnerConfig): Configuration {
  const known = described.get(config);
  if (known) return known;
  const values = valuesOf(config);
  const configuration: Configuration = {};
  for (const [name, source] of Object.entries(config.sources)) configuration[name] = { value: values[name], source };
  described.set(config, configuration);
  return configuration;
}

function valuesOf(config: RunnerConfig): Readonly<Record<string, ShownValue>> {
  const values: Settings = config;
  return Object.fromEntries(
    Object.entries<Setting>(settings).map(([member, setting]) => [
      setting.name,
      shownValue(setting, values[member as keyof Settings], config),
    ]),
  );
}

function shownValue(setting: Setting, value: unknown, config: RunnerConfig): ShownValue {
  if (value === undefined) return undefined;
  return setting.show ? setting.show(value, config) : asItIs(value as PlainValue);
}

/** A secret shows only that it is one. */
function asItIs(value: PlainValue): ShownValue {
  return typeof value === 'number' || typeof value === 'boolean' ? value : value.toString();
}
