import type { UpdatedApp, UpdateSample } from '../src/updates/update-sample.js';

/** Looks at a real Supervisor during an update. */
export interface RecordedUpdate {
  /** The version of the Supervisor, and what happens. */
  situation: string;
  looks: { atSeconds: number; sample: UpdateSample }[];
}

/**
 * Each look as: seconds, flags (p: pending, f: failed, d: downloaded), state, running > target release, status of the update,
 * download | containers | services of the target.
 */
const recordings: Readonly<Record<string, string>> = {
  '19.0.5: a release is downloaded behind a lock': `
    0.00 - applied c1>c2 downloading - | baserunner:Running:a3de main:Running:eef1 | main:Downloading baserunner:Downloading
    0.25 pd applying c1>c2 downloading 1% | baserunner:Running:a3de main:Running:eef1 | main:Downloading baserunner:Downloaded
    6.51 pd applying c1>c2 downloaded - | baserunner:Running:a3de main:Running:eef1 | baserunner:Downloaded main:Downloaded
    6.76 pfd applying c1>c2 downloaded - | baserunner:Running:a3de main:Running:eef1 | baserunner:Downloaded main:Downloaded
  `,
  '19.0.5: the lock is released, and the update asked for': `
    0.00 pfd applying c1>c2 downloaded - | baserunner:Running:a3de main:Running:eef1 | baserunner:Downloaded main:Downloaded
    0.56 pfd applying c1>c2 downloaded - | baserunner:Stopping:a3de | baserunner:Downloaded main:Downloaded
    0.81 pfd applying c1>c2 downloaded - | - | baserunner:Downloaded main:Downloaded
    3.37 pfd applying c1>c2 done - | baserunner:Running:4c92 main:Running:6202 | baserunner:Running main:Running
    4.42 pfd applying c2>c2 done - | baserunner:Running:4c92 main:Running:6202 | baserunner:Running main:Running
    5.66 - applied c2>c2 done - | baserunner:Running:4c92 main:Running:6202 | baserunner:Running main:Running
  `,
  '19.0.5: the Supervisor restarts while a release waits behind a lock': `
    0.60 pf applying c5>c6 downloaded - | baserunner:Running:449c main:Running:708a | baserunner:Downloaded main:Downloaded
  `,
  '19.0.5: two updates without a lock, one with a service that takes 10 s to stop': `
    0.00 p applying c9>10 downloading 0% | main:Running:6e7d baserunner:Running:19ef | main:Downloading baserunner:Downloading
    0.21 pd applying c9>10 downloaded - | main:Running:6e7d baserunner:Running:19ef | baserunner:Downloaded main:Downloaded
    0.67 pd applying c9>10 downloaded - | main:Stopping:6e7d baserunner:Stopping:19ef | baserunner:Downloaded main:Downloaded
    0.94 pd applying c9>10 downloaded - | - | baserunner:Downloaded main:Downloaded
    3.64 pd applying c9>10 done - | baserunner:Running:1032 main:Running:f6be | baserunner:Running main:Running
    4.72 pd applying 10>10 done - | baserunner:Running:1032 main:Running:f6be | baserunner:Running main:Running
    5.75 - applying 10>11 downloading - | baserunner:Running:1032 main:Running:f6be | main:Downloading baserunner:Downloading
    5.92 pd applying 10>11 downloaded - | baserunner:Running:1032 main:Running:f6be | baserunner:Downloaded main:Downloaded
    6.37 pd applying 10>11 downloaded - | main:Stopping:f6be | baserunner:Downloaded main:Downloaded
    7.10 pd applying 10>11 downloaded - | baserunner:Running:2895 main:Stopping:f6be | main:Downloaded baserunner:Running
    16.51 pd applying 10>11 downloaded - | baserunner:Running:2895 | main:Downloaded baserunner:Running
    17.66 pd applying 10>11 downloaded - | main:Running:86b0 baserunner:Running:2895 | main:Downloaded baserunner:Running
    17.89 pd applying 10>11 done - | main:Running:86b0 baserunner:Running:2895 | main:Running baserunner:Running
    18.99 pd applying 11>11 done - | main:Running:86b0 baserunner:Running:2895 | main:Running baserunner:Running
    20.04 - applied 11>11 done - | main:Running:86b0 baserunner:Running:2895 | main:Running baserunner:Running
  `,
  '19.0.5: a service that hands over is replaced behind a lock': `
    0.00 p applying 11>12 downloading 0% | main:Running:86b0 baserunner:Running:2895 | main:Downloading baserunner:Downloading
    0.37 pd applying 11>12 downloaded - | main:Running:86b0 baserunner:Running:2895 | main:Downloaded baserunner:Downloaded
    0.76 pfd applying 11>12 downloaded - | main:Running:86b0 baserunner:Running:2895 | main:Downloaded baserunner:Downloaded
    1.05 pfd applying 11>12 downloaded - | main:Running:10e7 main:Stopping:86b0 baserunner:Running:2895 | main:Downloaded baserunner:Downloaded
    1.23 pfd applying 11>12 downloaded - | main:Running:10e7 baserunner:Running:2895 | baserunner:Downloaded main:Running
    12.41 pfd applying 11>12 downloaded - | main:Running:10e7 baserunner:Stopping:2895 | baserunner:Downloaded main:Running
    12.59 pfd applying 11>12 downloaded - | main:Running:10e7 | baserunner:Downloaded main:Running
    13.49 pfd applying 11>12 done - | baserunner:Running:2588 main:Running:10e7 | baserunner:Running main:Running
    13.84 pfd applying 12>12 done - | baserunner:Running:2588 main:Running:10e7 | baserunner:Running main:Running
  `,
  '19.0.5: a service that is stopped before its download waits behind a lock': `
    0.00 pf applying 13>14 downloading - | main:Running:88f7 baserunner:Running:88d5 | baserunner:Downloaded main:Downloading
    0.30 pfd applying 13>14 downloading - | main:Running:88f7 baserunner:Running:88d5 | baserunner:Downloaded main:Downloading
    6.32 pfd applying 13>14 downloading - | main:Stopping:88f7 baserunner:Running:88d5 | baserunner:Downloaded main:Downloading
    6.55 pfd applying 13>14 downloading 1% | baserunner:Running:88d5 | main:Downloading baserunner:Downloaded
    12.94 pfd applying 13>14 downloaded - | baserunner:Running:88d5 | baserunner:Downloaded main:Downloaded
    13.57 pfd applying 13>14 downloaded - | main:Installed:27a7 baserunner:Stopping:88d5 | baserunner:Downloaded main:Starting
    14.05 pfd applying 13>14 downloaded - | main:Running:27a7 | baserunner:Downloaded main:Running
    14.95 pfd applying 13>14 done - | baserunner:Running:6f9b main:Running:27a7 | baserunner:Running main:Running
    15.29 - applying 14>14 done - | baserunner:Running:6f9b main:Running:27a7 | baserunner:Running main:Running
  `,
  '19.0.5: a release with a further service waits behind a lock': `
    0.00 p applying 15>16 downloading - | baserunner:Running:e905 main:Running:54fb | main:Downloaded baserunner:Downloaded extra:Downloading
    0.35 pd applying 15>16 downloaded - | baserunner:Running:e905 main:Running:54fb | main:Downloaded baserunner:Downloaded extra:Downloaded
    0.80 pfd applying 15>16 downloaded - | baserunner:Running:e905 main:Running:54fb | main:Downloaded baserunner:Downloaded extra:Downloaded
    6.35 pfd applying 15>16 downloaded - | baserunner:Running:e905 main:Stopping:54fb | main:Downloaded extra:Installed baserunner:Running
    6.74 pfd applying 15>16 downloaded - | extra:Running:406a baserunner:Running:e905 | main:Downloaded extra:Running baserunner:Running
    7.07 pfd applying 15>16 downloading - | extra:Running:406a baserunner:Running:e905 | main:Downloading extra:Running baserunner:Running
  `,
  '19.0.5: only a label changes, behind a lock': `
    0.00 pf applying c1>c1 done - | main:Running:a6a7 baserunner:Running:b69d | main:Running baserunner:Running
    4.47 pf applying c1>c1 downloaded - | baserunner:Running:b69d | main:Downloaded baserunner:Running
    4.85 pf applying c1>c1 done - | main:Running:63ac baserunner:Running:b69d | main:Running baserunner:Running
    5.32 - applied c1>c1 done - | main:Running:63ac baserunner:Running:b69d | main:Running baserunner:Running
  `,
  '19.0.5: a release with the same images waits behind a lock': `
    0.00 p applying c1>c2 downloaded - | main:Running:63ac baserunner:Running:b69d | main:Downloaded baserunner:Downloaded
    0.39 pf applying c1>c2 downloaded - | main:Running:63ac baserunner:Running:b69d | main:Downloaded baserunner:Downloaded
    4.44 pf applying c1>c2 done - | main:Running:63ac baserunner:Running:b69d | main:Running baserunner:Running
    5.05 pf applying c2>c2 done - | main:Running:63ac baserunner:Running:b69d | main:Running baserunner:Running
    5.34 - applied c2>c2 done - | main:Running:63ac baserunner:Running:b69d | main:Running baserunner:Running
  `,
  '19.0.5: a lock refuses restarts while there is nothing to update': `
    0.00 - applied c2>c2 done - | main:Running:63ac baserunner:Running:b69d | main:Running baserunner:Running
    1.45 - applying c2>c2 done - | main:Running:63ac baserunner:Running:b69d | main:Running baserunner:Running
    1.61 - applied c2>c2 done - | main:Running:63ac baserunner:Running:b69d | main:Running baserunner:Running
  `,
  '19.0.5: the Supervisor is killed during an update, and locked out of the rest': `
    0.00 - applying c5>c6 downloading - | main:Running:d629 baserunner:Running:d282 | main:Downloading baserunner:Downloading
    0.21 pd applying c5>c6 downloaded - | main:Running:d629 baserunner:Running:d282 | baserunner:Downloaded main:Downloaded
    0.93 pd applying c5>c6 downloaded - | main:Stopping:d629 | baserunner:Downloaded main:Downloaded
    2.50 pf applying c5>c6 downloaded - | baserunner:Running:b6b0 main:Running:d629 | main:Downloaded baserunner:Running
    11.13 pf applying c5>c6 downloaded - | baserunner:Running:b6b0 main:exited:d629 | main:Downloaded baserunner:Running
    16.06 pf applying c5>c6 downloaded - | baserunner:Running:b6b0 | main:Downloaded baserunner:Running
    16.84 pf applying c5>c6 done - | main:Running:175a baserunner:Running:b6b0 | main:Running baserunner:Running
    17.13 pf applying c6>c6 done - | main:Running:175a baserunner:Running:b6b0 | main:Running baserunner:Running
    17.36 - applied c6>c6 done - | main:Running:175a baserunner:Running:b6b0 | main:Running baserunner:Running
  `,
  '16.12.9: a release is downloaded behind a lock': `
    0.20 p applying c1>c2 - 26% | main:Running:79ff baserunner:Running:63b6 | main:Downloading baserunner:Downloading
    0.40 pd applying c1>c2 - 2% | main:Running:79ff baserunner:Running:63b6 | main:Downloading baserunner:Downloaded
    7.02 pd applying c1>c2 - - | main:Running:79ff baserunner:Running:63b6 | baserunner:Downloaded main:Downloaded
    7.21 pfd applying c1>c2 - - | main:Running:79ff baserunner:Running:63b6 | baserunner:Downloaded main:Downloaded
  `,
  '16.12.9: the lock is released, and the update asked for': `
    0.00 p applying c2>c3 - 26% | main:Running:dd6f baserunner:Running:58dc | main:Downloading baserunner:Downloading
    0.28 pd applying c2>c3 - - | main:Running:dd6f baserunner:Running:58dc | main:Downloaded baserunner:Downloaded
    0.68 pfd applying c2>c3 - - | main:Running:dd6f baserunner:Running:58dc | main:Downloaded baserunner:Downloaded
    9.10 pfd applying c2>c3 - - | - | main:Downloaded baserunner:Downloaded
    11.76 pfd applying c2>c3 - - | baserunner:Running:a89e main:Running:1f9d | main:Running baserunner:Running
    12.99 pfd applying c3>c3 - - | baserunner:Running:a89e main:Running:1f9d | main:Running baserunner:Running
    13.99 - applied c3>c3 - - | baserunner:Running:a89e main:Running:1f9d | main:Running baserunner:Running
  `,
  '14.13.14: a release is downloaded behind a lock': `
    0.02 - applied c1>c2 - - | main:Running:93fc baserunner:Running:b9be | -
    0.20 p applying c1>c2 - 50% | main:Running:93fc baserunner:Running:b9be | main:Downloading baserunner:Downloading
    0.40 pd applying c1>c2 - 2% | main:Running:93fc baserunner:Running:b9be | main:Downloading baserunner:Downloaded
    6.83 pd applying c1>c2 - - | main:Running:93fc baserunner:Running:b9be | baserunner:Downloaded main:Downloaded
    7.02 pfd applying c1>c2 - - | main:Running:93fc baserunner:Running:b9be | baserunner:Downloaded main:Downloaded
  `,
  '14.13.14: the lock is released, and the update asked for': `
    0.00 pfd applying c1>c2 - - | main:Running:93fc baserunner:Running:b9be | baserunner:Downloaded main:Downloaded
    0.53 pfd applying c1>c2 - - | - | baserunner:Downloaded main:Downloaded
    2.12 pfd applying c1>c2 - - | baserunner:Running:e548 main:Running:46d3 | baserunner:Running main:Running
    2.39 pfd applying c2>c2 - - | baserunner:Running:e548 main:Running:46d3 | baserunner:Running main:Running
    2.59 - applied c2>c2 - - | baserunner:Running:e548 main:Running:46d3 | baserunner:Running main:Running
  `,
};

export const recordedUpdates: readonly RecordedUpdate[] = Object.entries(recordings).map(([situation, text]) => ({
  situation,
  looks: text.trim().split('\n').map(lookIn),
}));

/** What the last look of a situation shows. */
export function lastSampleOf(situation: string): UpdateSample {
  const sample = recordedUpdates.find((recorded) => recorded.situation === situation)?.looks.at(-1)?.sample;
  if (sample === undefined) throw new Error(`There is no recording of "${situation}".`);
  return sample;
}

function lookIn(line: string): RecordedUpdate['looks'][number] {
  const [head = '', containers = '', targets = ''] = line.split(' | ');
  const [seconds, flags = '', appState, releases = '', status, download = ''] = wordsIn(head);
  const [runningCommit, targetCommit] = releases.split('>');
  const app: UpdatedApp = {
    runningCommit,
    targetCommit,
    updateStatus: status === '-' ? undefined : status,
    isDownloading: download !== '-',
    downloadProgressPercent: download === '-' ? undefined : Number.parseInt(download, 10),
    services: partsIn(containers).map(([name = '', state = '', containerId]) => ({ name, status: state, containerId })),
    targetServices: partsIn(targets).map(([name = '', state]) => ({ name, status: state })),
  };
  return {
    atSeconds: Number(seconds),
    sample: {
      updatePending: flags.includes('p'),
      updateFailed: flags.includes('f'),
      updateDownloaded: flags.includes('d'),
      appState,
      app,
    },
  };
}

function partsIn(text: string): string[][] {
  return text.trim() === '-'
    ? []
    : text
        .trim()
        .split(' ')
        .map((part) => part.split(':').map(withSpaces));
}

function wordsIn(text: string): string[] {
  return text.trim().split(' ').map(withSpaces);
}

function withSpaces(word: string): string {
  return word.replaceAll('+', ' ');
}
