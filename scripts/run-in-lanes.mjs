import { availableParallelism } from 'node:os';

/**
 * Runs tasks on all cores: those that are ready in their order, each after the tasks that it needs. Resolves with the results
 * by name. A task whose needs have failed is left out.
 *
 * @param {readonly { name: string; needs?: readonly string[]; run: () => Promise<{ hasFailed: boolean }> }[]} tasks
 */
export async function runInLanes(tasks, laneCount = availableParallelism()) {
  const results = new Map();
  const waiting = [...tasks];
  const running = new Set();

  async function runTask(task) {
    results.set(task.name, await task.run());
  }

  function takeReady() {
    const index = waiting.findIndex(({ needs = [] }) => needs.every((name) => results.get(name)?.hasFailed === false));
    return index === -1 ? undefined : waiting.splice(index, 1)[0];
  }

  for (;;) {
    while (running.size < laneCount) {
      const task = takeReady();
      if (!task) break;
      const run = runTask(task).finally(() => running.delete(run));
      running.add(run);
    }
    if (running.size === 0) return results;
    await Promise.race(running);
  }
}
