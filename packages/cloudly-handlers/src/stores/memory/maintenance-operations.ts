import { type Behalf, instantOf, writtenEvent } from '../records/behalf.js';
import { changeOfMaintenance, endMaintenance, isVisibleMaintenance } from '../records/maintenance-rows.js';
import type { AlertOperations } from '../records/store-operations.js';
import type { AlertWork } from './alert-work.js';
import { copy } from './copy.js';
import { compare } from './list-operations.js';
import type { MemoryFleet } from './memory-fleet.js';

type MaintenanceOperations = Pick<
  AlertOperations,
  'addMaintenance' | 'findMaintenance' | 'listMaintenance' | 'endMaintenance'
>;

export function createMaintenanceOperations(
  { nodes, events }: MemoryFleet,
  { maintenances }: AlertWork,
  behalf: Behalf,
): MaintenanceOperations {
  const nowMs = instantOf(behalf);
  const find = (id: string) => {
    const maintenance = maintenances.get(id);
    return maintenance && isVisibleMaintenance(behalf, maintenance) ? maintenance : undefined;
  };

  return {
    async addMaintenance(maintenance) {
      const known = maintenances.get(maintenance.id);
      if (known) return copy(known);
      maintenances.set(maintenance.id, copy(maintenance));
      events.tell([writtenEvent(behalf, changeOfMaintenance(maintenance))]);
      return maintenance;
    },

    findMaintenance: async (id) => copy(find(id)),

    listMaintenance: async ({ isOpen, limit }) =>
      [...maintenances.values()]
        .filter((each) => isVisibleMaintenance(behalf, each))
        .filter(({ untilMs, endedAtMs }) => !isOpen || (untilMs > nowMs && endedAtMs === undefined))
        .toSorted((one, other) => other.fromMs - one.fromMs || compare(one.id, other.id))
        .slice(0, limit)
        .map(copy),

    async endMaintenance(id) {
      const before = find(id);
      if (!before) return undefined;
      const { maintenance, told } = endMaintenance(behalf, before);
      maintenances.set(id, maintenance);
      events.tell(told.map((body) => writtenEvent(behalf, body)));
      for (const { alerts } of told.length > 0 ? nodes.all() : []) {
        for (const alert of alerts) if (alert.maintenanceId === id) alert.dueAtMs = nowMs;
      }
      return copy(maintenance);
    },
  };
}
