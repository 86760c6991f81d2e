import type { FleetNode } from '../../src/fleet-store/fleet-node.js';
import type { FleetStore, OperatorStore, StoreCaller } from '../../src/fleet-store/fleet-store.js';

/** A store that breaks a promise, as a careless implementation would. */
export interface Fault {
  /** What the behaviours are called, or begin with, that notice. */
  breaks: readonly string[];
  store?: (store: FleetStore) => Partial<FleetStore>;
  operator?: OperatorFault;
  /** In another process on the same data. */
  other?: (store: FleetStore) => Partial<FleetStore>;
}

export type OperatorFault = (operator: OperatorStore, caller: StoreCaller, store: FleetStore) => Partial<OperatorStore>;

export type Faults = Readonly<Record<string, Fault>>;

export const byId = { by: 'id', isDescending: false } as const;

export function unscoped(name: keyof OperatorStore): OperatorFault {
  return (_operator, { scope: _ignored, ...by }, store) => ({ [name]: store.as(by)[name] });
}

/** Shows nodes otherwise than they are. */
export function showing(alter: (node: FleetNode) => FleetNode): OperatorFault {
  return (operator) => ({ findFleetNodes: async (nodeIds) => (await operator.findFleetNodes(nodeIds)).map(alter) });
}

/** What a fault keeps beside a store. */
export function perStore<Kept>(begin: () => Kept): (store: FleetStore) => Kept {
  const all = new WeakMap<FleetStore, Kept>();
  return (store) => {
    const kept = all.get(store) ?? begin();
    all.set(store, kept);
    return kept;
  };
}
