import fc from 'fast-check';
import type { UpdatedApp, UpdateSample } from '../src/updates/update-sample.js';

/** A device on which nothing is left to do, but for what a test changes. */
export function updateSample({
  app,
  ...changes
}: Partial<Omit<UpdateSample, 'app'>> & { app?: Partial<UpdatedApp> } = {}) {
  return {
    updatePending: false,
    updateFailed: false,
    updateDownloaded: false,
    appState: 'applied',
    ...changes,
    app: updatedApp(app),
  } satisfies UpdateSample;
}

function updatedApp(changes: Partial<UpdatedApp> = {}): UpdatedApp {
  return {
    runningCommit: 'old',
    targetCommit: 'old',
    updateStatus: 'done',
    isDownloading: false,
    services: [
      { name: 'main', status: 'Running', containerId: 'main-1' },
      { name: 'baserunner', status: 'Running', containerId: 'baserunner-1' },
    ],
    targetServices: [
      { name: 'main', status: 'Running' },
      { name: 'baserunner', status: 'Running' },
    ],
    ...changes,
  };
}

const service = fc.record({
  name: fc.constantFrom('main', 'baserunner', 'extra'),
  status: fc.constantFrom('Running', 'Stopping', 'Installed', 'exited', 'Handing over'),
  containerId: fc.constantFrom('1', '2', '3', undefined),
});

const targetService = fc.record({
  name: fc.constantFrom('main', 'baserunner', 'extra'),
  status: fc.constantFrom('Downloading', 'Downloaded', 'Running', 'exited', undefined),
});

const commit = fc.constantFrom('old', 'new', 'newer');
const optionalCommit = fc.option(commit, { nil: undefined, freq: 8 });

/** Anything that a look could show, also what no Supervisor shows. */
export const anyUpdateSample: fc.Arbitrary<UpdateSample> = fc.record({
  updatePending: fc.boolean(),
  updateFailed: fc.boolean(),
  updateDownloaded: fc.boolean(),
  appState: fc.constantFrom('applied', 'applying', 'odd', undefined),
  app: fc.record({
    runningCommit: optionalCommit,
    targetCommit: optionalCommit,
    updateStatus: fc.constantFrom(
      'done',
      'rejected',
      'aborted',
      'downloading',
      'downloaded',
      'applying changes',
      'odd',
      undefined,
    ),
    isDownloading: fc.boolean(),
    downloadProgressPercent: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
    services: fc.array(service, { maxLength: 3 }),
    targetServices: fc.uniqueArray(targetService, { maxLength: 3, selector: ({ name }) => name }),
  }),
});
