import type { NodeStore } from '@serve.zone/baseos-cloudly-handlers';
import type { Metrics } from './create-metrics.js';

/** The same store, which reports how long each operation took. */
export function measureStore(store: NodeStore, observe: Metrics['observeOperation']): NodeStore {
  return new Proxy(store, {
    get(target, name) {
      const operation: unknown = Reflect.get(target, name, target);
      if (typeof operation !== 'function') return operation;
      return async (...parameters: unknown[]): Promise<unknown> => {
        const startedAtMs = performance.now();
        let outcome: 'done' | 'failed' = 'failed';
        try {
          const result: unknown = await Reflect.apply(operation, target, parameters);
          outcome = 'done';
          return result;
        } finally {
          observe(String(name), outcome, performance.now() - startedAtMs);
        }
      };
    },
  });
}
