import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problems } from '@serve.zone/baseos-contracts';
import { type Variable, variables } from '@serve.zone/baseos-runner-core';
import type { CheckName } from '../../apps/baserunner/src/doctor/finding.js';
import { databaseSettings } from '../../apps/cloudly-standalone/src/database/database-settings.js';
import { serverSettings } from '../../apps/cloudly-standalone/src/remote/server-settings.js';
import { serveSettings } from '../../apps/cloudly-standalone/src/serve/serve-settings.js';
import type { Setting, SettingsTable } from '../../apps/cloudly-standalone/src/settings/setting.js';
import { notConfirmed, resetNotices } from '../../apps/baserunner/src/identity/reset-notices.js';
import { supervisorProblems } from '../../packages/runner-core/src/device/supervisor-problems.js';
import { storageProblems } from '../../packages/runner-core/src/disk/storage-problems.js';
import { journalProblems } from '../../packages/runner-core/src/commands/journal/journal-problems.js';
import { hookProblems } from '../../packages/runner-core/src/commands/policy/hook-problems.js';
import { configMistakeCodes, configWarningCodes } from '../../packages/runner-core/src/config/config-codes.js';
import { runDirectoryProblems } from '../../packages/runner-core/src/disk/run-directory-problems.js';
import { requestNoticeCodes } from '../../packages/runner-core/src/reports/next-request-report.js';
import { statusNoticeCodes } from '../../packages/runner-core/src/reports/status-notices.js';
import { identityNoticeCodes } from '../../packages/runner-core/src/identity/notice-codes.js';
import { agentProblems } from '../../packages/runner-core/src/loop/agent-problems.js';
import { resetRefusals } from '../../packages/runner-core/src/store/reset-refusals.js';
import {
  operatorsOf,
  type SelectorField,
  selectorFields,
} from '../../packages/cloudly-handlers/src/selector/selector-fields.js';
import { fleetProblems } from '../../packages/fleet-api/src/problems/problem-table.js';
import type { AnyRoute } from '../../packages/fleet-api/src/route/route.js';
import { type Needed, servedRoutes } from '../../packages/fleet-api/scripts/open-api.js';
import { root } from '../../scripts/published-packages.mjs';
import { alertHead, alertRows } from './alert-rows.js';
import { eventRows } from './event-meanings.js';
import { eventDetailRows, retryRows } from './webhook-rows.js';

/** A table of the documentation that the code gives. */
export interface DocumentedTable {
  /** The page, from the root of the repository. */
  page: string;
  /** The comments `<!-- marker -->` and `<!-- /marker -->` are around it. */
  marker: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

const problemsPage = 'docs/problems.md';
const apiPage = 'docs/operators-api.md';
const serverPage = 'apps/cloudly-standalone/README.md';

export function documentedTables(): DocumentedTable[] {
  return [
    {
      page: apiPage,
      marker: 'routes',
      head: ['Request', 'What it does', 'Role'],
      rows: servedRoutes.flatMap(({ routes, needs }) => Object.values(routes).map((route) => routeRow(route, needs))),
    },
    {
      page: apiPage,
      marker: 'fleet-problems',
      head: ['Code', 'Status', 'What happened'],
      rows: Object.entries(fleetProblems).map(([code, { status, title }]) => [`\`${code}\``, String(status), title]),
    },
    {
      page: 'docs/configuration.md',
      marker: 'variables',
      head: ['Variable', 'What it is for', 'Expected', 'Default'],
      rows: variables.map(variableRow),
    },
    { page: serverPage, marker: 'serve-settings', head: settingsHead('Flag'), rows: settingRows(serveSettings) },
    {
      page: serverPage,
      marker: 'database-settings',
      head: settingsHead('Flag or variable'),
      rows: settingRows(databaseSettings),
    },
    {
      page: serverPage,
      marker: 'server-settings',
      head: settingsHead('Flag or variable'),
      rows: settingRows(serverSettings),
    },
    {
      page: 'docs/selectors.md',
      marker: 'selector-fields',
      head: ['Field', 'What it is', 'Operators', 'Values', 'Example'],
      rows: Object.entries(selectorFields).map(selectorFieldRow),
    },
    { page: 'docs/alerts.md', marker: 'alerts', head: alertHead, rows: alertRows() },
    {
      page: 'docs/webhooks.md',
      marker: 'retries',
      head: ['Attempt', 'Waits for about', 'Since the first'],
      rows: retryRows(),
    },
    {
      page: 'docs/webhooks.md',
      marker: 'event-details',
      head: ['Event', 'Of a node', 'Its details'],
      rows: eventDetailRows(),
    },
    { page: 'docs/fleet.md', marker: 'events', head: ['Event', 'What it tells', 'Kept'], rows: eventRows() },
    {
      page: problemsPage,
      marker: 'contract',
      head: ['Code', 'HTTP status', 'What happened', 'What to do'],
      rows: Object.entries(problems).map(([code, { status, title, remedy }]) => [
        quoted(code),
        String(status),
        `${title}.`,
        remedy,
      ]),
    },
    { page: problemsPage, marker: 'agent', head: worded, rows: wordsOf(agentProblems, failure) },
    { page: problemsPage, marker: 'notices', head: told, rows: meaningsOf(identityNoticeCodes) },
    { page: problemsPage, marker: 'storage', head: worded, rows: wordsOf(storageProblems, place) },
    { page: problemsPage, marker: 'journal', head: worded, rows: wordsOf(journalProblems, journalPlace) },
    { page: problemsPage, marker: 'hook', head: worded, rows: wordsOf(hookProblems, hookPlace) },
    { page: problemsPage, marker: 'run-directory', head: worded, rows: wordsOf(runDirectoryProblems, runPlace) },
    { page: problemsPage, marker: 'mistakes', head: told, rows: meaningsOf(configMistakeCodes) },
    { page: problemsPage, marker: 'warnings', head: told, rows: meaningsOf(configWarningCodes) },
    { page: problemsPage, marker: 'status-notices', head: told, rows: meaningsOf(statusNoticeCodes) },
    { page: problemsPage, marker: 'request-notices', head: told, rows: meaningsOf(requestNoticeCodes) },
    { page: problemsPage, marker: 'reset', head: worded, rows: resetRows() },
    { page: problemsPage, marker: 'supervisor', head: worded, rows: wordsOf(supervisorProblems, failedCall) },
    {
      page: problemsPage,
      marker: 'supervisor-client',
      head: told,
      rows: codesOf('packages/supervisor-client/src/errors/supervisor-error.ts', 'SupervisorErrorCode'),
    },
    {
      page: problemsPage,
      marker: 'update-lock',
      head: told,
      rows: codesOf('packages/supervisor-client/src/update-lock/update-lock-error.ts', 'UpdateLockErrorCode'),
    },
    {
      page: problemsPage,
      marker: 'fleet-store',
      head: told,
      rows: codesOf('packages/cloudly-handlers/src/fleet/fleet-store-error.ts', 'FleetStoreErrorCode'),
    },
    { page: problemsPage, marker: 'checks', head: ['Check', 'What it looks at'], rows: meaningsOf(checks) },
  ];
}

const worded = ['Code', 'What happened', 'What to do'];
const told = ['Code', 'What it tells'];

function variableRow({ name, description, expected, default: byDefault = '-' }: Variable): string[] {
  return [quoted(name), description, expected, byDefault];
}

function selectorFieldRow([name, { what, kind, example, values }]: [string, SelectorField]): string[] {
  const written = name === 'label' ? 'label.<key>' : name;
  return [quoted(written), what, quotedList(operatorsOf[kind]), values ? quotedList(values) : '-', quoted(example)];
}

function quotedList(texts: readonly string[]): string {
  return texts.map(quoted).join(', ');
}

function settingsHead(name: string): string[] {
  return [name, 'What it is for', 'Default'];
}

function settingRows(settings: SettingsTable): string[][] {
  return Object.values<Setting>(settings).map(({ name, description, default: preset }) => [
    quoted(name),
    description,
    preset === undefined ? '-' : 'text' in preset ? preset.text : preset.words,
  ]);
}

function meaningsOf(meanings: Readonly<Record<string, string>>): string[][] {
  return Object.entries(meanings).map(([code, meaning]) => [quoted(code), meaning]);
}

type Words<Place> = (place: Place) => { message: string; remedy?: string };
type SplitWords<Place> = { message: (place: Place) => string; remedy: string };

/** Words that name a place have the name of what stands there. */
function wordsOf<Place>(table: Readonly<Record<string, Words<Place> | SplitWords<Place>>>, example: Place): string[][] {
  return Object.entries(table).map(([code, words]) => {
    const { message, remedy }: { message: string; remedy?: string } =
      typeof words === 'function' ? words(example) : { message: words.message(example), remedy: words.remedy };
    return [quoted(code), message, remedy ?? '-'];
  });
}

const place = {
  directory: '`<directory>`',
  path: '`<path>`',
  part: '`<part of the path>`',
  target: '`<target>`',
  user: '',
  ids: '`<user>:<group>`',
  reason: '`<reason>`',
};

function resetRows(): string[][] {
  const notices = wordsOf(resetNotices, { leftovers: '`<files>`', origin: '`<Cloudly>`' });
  const { code, message, remedy } = notConfirmed;
  return [
    ...wordsOf(resetRefusals, { directory: '`<directory>`', files: '`<files>`', lock: '`<lock>`' }),
    [quoted(code), message, remedy],
    ...notices,
  ];
}

const journalPlace = { reason: '`<why the file cannot be used>`', first: '' };

const hookPlace = { path: '`<path>`', reason: '`<reason>`', seconds: '`<seconds>`' };

const runPlace = { ...place, owner: '`<user>`', user: '`<user>`' };

const failure = {
  reason: '`<reason>`',
  status: '`<status>`',
  cloudlyId: '`<ID>`',
  ownCloudlyId: '`<ID>`',
  time: '`<time>`',
};

const failedCall = { at: ' at `<address>`', endpoint: '`<endpoint>`', what: '`<what happened>`', time: 'in time' };

/** What the list in the docstring of a union of codes says of each. */
function codesOf(path: string, union: string): string[][] {
  const source = readFileSync(join(root, path), 'utf8');
  const docstring =
    source
      .slice(0, source.indexOf(`export type ${union}`))
      .split('/**')
      .at(-1) ?? '';
  const text = docstring.replaceAll(/\s*\n \* {3}/g, ' ');
  return [...text.matchAll(/^ \* - `([^`]+)`: (.*)$/gm)].map(([, code = '', meaning = '']) => [quoted(code), meaning]);
}

function quoted(code: string): string {
  return `\`${code}\``;
}

const checks: Readonly<Record<CheckName, string>> = {
  configuration: 'Every setting that this node needs',
  'state directory': 'Whether the identity can be stored, and whether it lasts',
  'state file': 'What is stored',
  clock: "The device's clock, against the build and against Cloudly",
  'name lookup': 'The name of Cloudly, or of the proxy',
  connection: 'Every address of that name',
  TLS: 'The certificate',
  Cloudly: 'Whether a Cloudly answers, and whether it is the one of this node',
  'join token': 'Whether the node needs one, and has one that is well formed',
  'Supervisor address': 'Whether a Supervisor answers',
  'Supervisor key': 'Whether it accepts the key',
  'Supervisor version': 'Whether it is new enough',
  'Supervisor apps': 'What it reports of apps and services',
  'update lock': 'Whether this container can hold its update lock',
  agent: 'Whether an agent runs here, and what it says of itself',
  waking: 'Whether Cloudly can tell this node of commands between heartbeats',
  commands: 'Whether commands of Cloudly can be carried out, and whether one is stuck',
};

function routeRow({ call, method, path, query, summary }: AnyRoute, needs: (call: string) => Needed): string[] {
  const names = Object.keys(query);
  const parameters = names.length > 0 ? `?${names.join('&')}` : '';
  const needed = needs(call);
  return [
    `\`${method} ${path}${parameters}\``,
    summary,
    needed === 'unscoped-admin' ? 'admin without a scope' : needed,
  ];
}
