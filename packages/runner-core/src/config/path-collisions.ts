import { basename, dirname, relative, sep } from 'node:path';
import { isRecordFile, LAST_HANG_FILE_NAME } from './agent-files.js';
import { defaultRunPaths, HEALTHY_UNTIL_FILE_NAME, RECENT_LOG_FILE_NAME, STATUS_FILE_NAME } from './agent-files.js';
import type { ConfigMistake } from './config-mistake.js';
import type { RunnerConfig } from './runner-config.js';

type Paths = Pick<RunnerConfig, 'statePath' | 'runPath' | 'metricsListen'>;

/**
 * The mistakes by which the agent would write two things to one path: the state file with the files beside it, the
 * files in the run directory, and the socket of the metrics. Pure: it compares the paths as they are written.
 */
export function pathCollisions({ statePath, runPath, metricsListen }: Paths): ConfigMistake[] {
  const runPaths = runPath === undefined ? defaultRunPaths : [runPath];
  const socketPath = metricsListen?.kind === 'unix' ? metricsListen.path : undefined;
  return [
    ...(isBesideState(basename(statePath))
      ? [mistake('BASEOS_STATE_PATH', statePath, 'a name that the agent gives to another file of that directory')]
      : []),
    ...runPaths.flatMap((directory) => ofState(statePath, directory, runPath !== undefined)),
    ...(socketPath === undefined ? [] : ofMetrics(socketPath, statePath, runPaths)),
  ];
}

/** What the agent would overwrite or lose if something else were written to a path; `undefined` if the path is free. */
export function claimOf(path: string, { statePath, runPath }: Omit<Paths, 'metricsListen'>): string | undefined {
  if (isOfState(path, statePath)) return 'the state file, or a file that the agent keeps beside it';
  const runPaths = runPath === undefined ? defaultRunPaths : [runPath];
  return runPaths.some((directory) => isOfRun(path, directory)) ? 'a file that the agent publishes' : undefined;
}

function ofState(statePath: string, directory: string, isSet: boolean): ConfigMistake[] {
  if (isOfRun(statePath, directory)) {
    return [mistake('BASEOS_STATE_PATH', statePath, `a file that the agent publishes in ${directory}`)];
  }
  // The default places are not the state file's.
  if (!isOfState(directory, statePath) && directory !== statePath) return [];
  return isSet
    ? [mistake('BASEOS_RUN_PATH', directory, `the state file (${statePath}), or a file beside it`)]
    : [mistake('BASEOS_STATE_PATH', statePath, 'a directory that the agent publishes its status in')];
}

function ofMetrics(socketPath: string, statePath: string, runPaths: readonly string[]): ConfigMistake[] {
  const claim = isOfState(socketPath, statePath)
    ? `the state file (${statePath}), or a file beside it`
    : runPaths.some((directory) => isOfRun(socketPath, directory) || directory === socketPath)
      ? 'a file that the agent publishes'
      : [statePath, ...runPaths].some((path) => firstBelow(path, socketPath) !== undefined)
        ? 'a directory that the agent needs'
        : undefined;
  return claim === undefined ? [] : [mistake('BASEOS_METRICS_LISTEN', `unix:${socketPath}`, claim)];
}

function mistake(variable: string, value: string, claim: string): ConfigMistake {
  return {
    code: 'path-shared',
    variable,
    message: `${variable} is ${JSON.stringify(value)}, which is also ${claim}: one would overwrite the other.`,
    remedy: `Set ${variable} to a path that the agent uses for nothing else.`,
  };
}

function isOfState(path: string, statePath: string): boolean {
  const name = firstBelow(path, dirname(statePath));
  if (name === undefined) return false;
  const base = basename(statePath);
  const rest = name.startsWith(base) ? name.slice(base.length) : undefined;
  return (rest !== undefined && ofStateFile.test(rest)) || isBesideState(name);
}

function isOfRun(path: string, directory: string): boolean {
  const name = firstBelow(path, directory);
  return name !== undefined && ofRun.test(name);
}

/** What follows the name of the state file: its copy, those that were kept aside, and what each is written as at first. */
const ofStateFile = /^(?:\.last-good|\.(?:damaged|replaced|reset)-\d{1,9})?(?:\.tmp)?$/;

function escaped(name: string): string {
  return name.replaceAll('.', String.raw`\.`);
}

/** The sockets of the lock, and the report of a hang. */
const besideState = new RegExp(String.raw`^(?:\.(?:bind|lock)-[\da-f]{8}|${escaped(LAST_HANG_FILE_NAME)}(?:\.tmp)?)$`);

/** The files of the agent in the directory of the state file that have fixed names. */
function isBesideState(name: string): boolean {
  return besideState.test(name) || isRecordFile(name);
}

const published = [STATUS_FILE_NAME, HEALTHY_UNTIL_FILE_NAME, RECENT_LOG_FILE_NAME].map(escaped).join('|');

/** The files, what each is written as at first, and the directory of a lock. */
const ofRun = new RegExp(String.raw`^(?:${published}|\.(?:${published})\.\d+|lock-[\da-f]{8})$`);

/** The first name of the path below the directory; `undefined` if the path is not below it. */
function firstBelow(path: string, directory: string): string | undefined {
  const [first] = relative(directory, path).split(sep);
  return first === undefined || first === '' || first === '..' ? undefined : first;
}
