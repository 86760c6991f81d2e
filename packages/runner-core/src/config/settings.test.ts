import { describe, expect, test } from 'vitest';
import { describeConfiguration } from '../status/describe-configuration.js';
import { parseConfig } from './parse-config.js';
import type { SettingsTable } from './setting.js';
import { settings } from './settings.js';
import { rows, variables } from './variables.js';

function usable(environment: Readonly<Record<string, string>> = {}) {
  const parsed = parseConfig(environment);
  return parsed.ok ? parsed.config : parsed.usable;
}

describe('the table of settings', () => {
  test('names each variable once', () => {
    const names = rows.flatMap(({ name, formerName }) => [name, formerName ?? name.toLowerCase()]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('has a row for every member of the settings', () => {
    const { logLevel, ...others } = settings;
    // @ts-expect-error: the row of logLevel is missing
    const table: SettingsTable = others;
    expect({ ...table, logLevel }).toEqual(settings);
  });

  test('has only rows that fit their member', () => {
    const { name, area, expected, description } = settings.logLevel;
    // @ts-expect-error: what has to have a value lacks a default, and a parser as well
    const row: SettingsTable['logLevel'] = { name, area, expected, description };
    // @ts-expect-error: a secret is not read as plain text
    const secret: SettingsTable['joinToken'] = { ...settings.joinToken, parse: settings.nodeId.parse };
    expect([row.name, secret.name]).toEqual([name, 'BASEOS_JOIN_TOKEN']);
  });

  test('gives help and documentation every variable in its order', () => {
    expect(variables.map(({ name }) => name)).toEqual(Object.values(settings).map(({ name }) => name));
  });

  test('gives the configuration and status every setting in its order', () => {
    const names = variables.map(({ name }) => name);
    expect(Object.keys(usable().sources)).toEqual(names);
    expect(Object.keys(describeConfiguration(usable(), {}))).toEqual(names);
  });

  test.each(variables.filter(({ default: preset }) => preset !== undefined && /^\S+$/.test(preset)))(
    'has the default of $name that it states',
    ({ name, default: preset = '' }) => {
      expect(describeConfiguration(usable({ [name]: preset }), {})[name]?.value).toEqual(
        describeConfiguration(usable(), {})[name]?.value,
      );
    },
  );
});
