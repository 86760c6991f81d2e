import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest on a quiet machine, which a fresh clone cannot know. Whatever begins last is waited for alone, so these
 * begin first.
 */
export const slowestFiles = [
  'apps/baserunner/test/image.test.ts',
  'apps/cloudly-conformance/test/faulty-cloudlys.test.ts',
  'test/packed-types.test.ts',
  'apps/baserunner/test/slow-network.test.ts',
  'apps/baserunner/test/impossible-paths.test.ts',
  'apps/cloudly-conformance/test/standalone.test.ts',
  'examples/cloudly-handlers/test/conformance.test.ts',
  'apps/baserunner/test/secrets.test.ts',
  'test/odd-requests.test.ts',
  'apps/cloudly-standalone/test/image.test.ts',
  'apps/baserunner/test/watchdog.test.ts',
  'apps/fleet-tests/test/kills-on-sqlite.test.ts',
  'apps/fleet-tests/test/kills-on-postgres.test.ts',
  'examples/cloudly-handlers/test/examples.test.ts',
  'apps/fleet-tests/test/fleet-on-postgres.test.ts',
  'apps/fleet-tests/test/fleet-on-sqlite.test.ts',
  'apps/baserunner/test/hostile-answers.test.ts',
  'apps/cloudly-standalone/test/sqlite-faults.test.ts',
  'examples/single-document-store/test/document-store.test.ts',
  'test/packing.test.ts',
  'apps/baserunner/test/strange-files.test.ts',
  'apps/cloudly-conformance/test/own-handlers.test.ts',
  'packages/runner-core/src/store/crash.test.ts',
  'packages/runner-core/src/reports/standing-table.test.ts',
  'packages/runner-core/test/herd.test.ts',
  'packages/supervisor-client/src/client/any-version.test.ts',
  'packages/runner-core/src/lock/directory-lock.test.ts',
  'packages/runner-core/src/killed-between-steps.test.ts',
  'apps/supervisor-captures/src/emulator/check-emulator.test.ts',
  'packages/runner-core/src/store/killed.test.ts',
  'packages/cloudly-handlers/src/stores/postgres/postgres.test.ts',
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
