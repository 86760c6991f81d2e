import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest on a quiet machine, which a fresh clone cannot know. Whatever begins last is waited for alone, so these
 * begin first.
 */
export const slowestFiles = [
  'test/packed-types.test.ts',
  'apps/baserunner/test/image.test.ts',
  'apps/baserunner/test/impossible-paths.test.ts',
  'apps/baserunner/test/slow-network.test.ts',
  'apps/cloudly-conformance/test/faulty-cloudlys.test.ts',
  'apps/baserunner/test/watchdog.test.ts',
  'test/odd-requests.test.ts',
  'examples/cloudly-handlers/test/conformance.test.ts',
  'apps/fleet-tests/test/fleet-on-postgres.test.ts',
  'apps/baserunner/test/gate.test.ts',
  'apps/cloudly-standalone/test/image.test.ts',
  'apps/baserunner/test/state-gone.test.ts',
  'apps/baserunner/test/secrets.test.ts',
  'apps/cloudly-standalone/test/sqlite-faults.test.ts',
  'apps/baserunner/test/hostile-answers.test.ts',
  'apps/fleet-tests/test/killed-while-commanded.test.ts',
  'apps/cloudly-conformance/test/standalone.test.ts',
  'examples/cloudly-handlers/test/examples.test.ts',
  'examples/single-document-store/test/document-store.test.ts',
  'apps/fleet-tests/test/kills-on-postgres.test.ts',
  'apps/baserunner/test/unread-log.test.ts',
  'apps/demo/test/demo.test.ts',
  'test/client-behaviours.test.ts',
  'apps/cloudly-conformance/test/own-handlers.test.ts',
  'packages/cloudly-handlers/src/stores/postgres/postgres.test.ts',
  'packages/runner-core/src/reports/standing-table.test.ts',
  'packages/runner-core/test/herd.test.ts',
  'packages/supervisor-client/src/client/any-version.test.ts',
  'packages/cloudly-handlers/src/stores/postgres/several-processes.test.ts',
  'packages/cloudly-handlers/src/stores/sqlite/mixed-files.test.ts',
  'packages/runner-core/src/lock/directory-lock.test.ts',
  'packages/runner-core/src/killed-between-steps.test.ts',
  'packages/runner-core/test/updates-on-supervisors.test.ts',
  'packages/runner-core/test/gate-on-supervisors.test.ts',
  'apps/baserunner/src/doctor/examine-network.test.ts',
  'apps/supervisor-captures/src/emulator/check-emulator.test.ts',
  'packages/cloudly-handlers/src/stores/sqlite/sqlite.test.ts',
];

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // A sequencer's method of this name, which returns a new array.
    // oxlint-disable-next-line unicorn/no-array-sort
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project))];
    return projects.flatMap((project) => this.#sortProject(sorted.filter((file) => file.project === project)));
  }

  #sortProject(files: TestSpecification[]): TestSpecification[] {
    const slowest = slowestFiles.flatMap((path) => {
      const moduleId = join(this.ctx.config.root, path);
      return files.filter((file) => file.moduleId === moduleId);
    });
    return [...slowest, ...files.filter((file) => !slowest.includes(file))];
  }
}
