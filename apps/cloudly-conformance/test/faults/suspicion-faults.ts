import { changed, messageOf, isRegistration } from '../alteration.js';
import type { Fault } from './fault.js';

/** Cloudlys that suspect nodes of copied disks wrongly, or not at all. */
export const suspicionFaults: Fault[] = [
  suspectingLate('counts a late request of any sequence for a return', ['late-requests-suspect-nobody'], {
    apartMs: 60_000,
    isOfAnySequence: true,
  }),
  suspectingLate('suspects a copied disk after half a minute', ['minute-from-first-return'], {
    apartMs: 30_000,
    isOfAnySequence: false,
  }),
  {
    name: 'forgets a suspicion when a revocation is lifted',
    breaks: ['suspected-and-unrevoked'],
    alter: (next, { store, onAsk }) => {
      const lifted = new Set<string>();
      onAsk((act, { nodeId = '' }) => void (act === 'unrevoke' && lifted.add(nodeId)));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const node = lifted.delete(String(nodeId)) ? (await store.findNode(String(nodeId)))?.node : undefined;
        if (node) {
          const { cloneSuspectedAtMs: _forgotten, ...rest } = node;
          await store.replaceNode(rest);
        }
        return next(request);
      };
    },
  },
  {
    name: 'does not suspect copied disks',
    breaks: [
      'clone-suspected',
      'clone-resolved',
      'minute-from-first-return',
      'suspected-and-unrevoked',
      'suspected-again',
    ],
    alter: (next) => async (request) => {
      const response = await next(request);
      return response.ok ? changed(response, ({ cloneSuspected: _left, ...json }) => json) : response;
    },
  },
  {
    name: 'suspects a copied disk after one late request',
    breaks: ['late-boot'],
    alter: (next) => {
      const boots = new Map<unknown, unknown[]>();
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        if (isRegistration(request) || response.status !== 200) return response;
        const seen = boots.get(nodeId) ?? [];
        boots.set(nodeId, [...seen, bootId]);
        const isLate = seen.includes(bootId) && seen.at(-1) !== bootId;
        return isLate ? changed(response, (json) => ({ ...json, cloneSuspected: true })) : response;
      };
    },
  },
  {
    name: 'suspects a copied disk as soon as an earlier process returns twice',
    breaks: ['no-clone-suspected', 'late-requests-suspect-nobody', 'minute-from-first-return'],
    alter: (next, { onAsk }) => {
      const boots = new Map<unknown, unknown[]>();
      const returns = new Map<unknown, number>();
      onAsk((act, { nodeId }) => {
        if (act === 'resolveClone' || act === 'rebind') returns.delete(nodeId);
      });
      return async (request) => {
        const { nodeId, bootId } = await messageOf(request);
        const response = await next(request);
        if (isRegistration(request) || response.status !== 200) return response;
        const seen = boots.get(nodeId) ?? [];
        if (seen.includes(bootId) && seen.at(-1) !== bootId) returns.set(nodeId, (returns.get(nodeId) ?? 0) + 1);
        else if (!seen.includes(bootId)) boots.set(nodeId, [...seen, bootId]);
        const isBack = (returns.get(nodeId) ?? 0) >= 2;
        return isBack ? changed(response, (json) => ({ ...json, cloneSuspected: true })) : response;
      };
    },
  },
  {
    name: 'suspects the device that replaces a suspected node',
    breaks: ['rebind-ends-suspicion'],
    alter: (next, { onAsk }) => {
      const suspected = new Set<unknown>();
      onAsk((act, { nodeId }) => void (act === 'resolveClone' && suspected.delete(nodeId)));
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (!response.ok || isRegistration(request)) return response;
        return changed(response, (json) => {
          if (json['cloneSuspected'] === true) suspected.add(nodeId);
          return { ...json, ...(suspected.has(nodeId) && { cloneSuspected: true }) };
        });
      };
    },
  },
  {
    name: 'suspects a node forever',
    breaks: ['clone-resolved', 'rebind-ends-suspicion'],
    alter: (next) => {
      const suspected = new Set<unknown>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const response = await next(request);
        if (isRegistration(request) || !response.ok) return response;
        return changed(response, (json) => {
          if (json['cloneSuspected'] === true) suspected.add(nodeId);
          return { ...json, ...(suspected.has(nodeId) && { cloneSuspected: true }) };
        });
      };
    },
  },
];

/** Suspects a node when an earlier process returns with another sequence, some time after its first return. */
function suspectingLate(
  name: string,
  breaks: string[],
  { apartMs, isOfAnySequence }: { apartMs: number; isOfAnySequence: boolean },
): Fault {
  return {
    name,
    breaks,
    alter: (next) => {
      const boots = new Map<unknown, { bootId: unknown; highest: number }[]>();
      const returns = new Map<unknown, { sequence: number; atMs: number }>();
      return async (request) => {
        const message = await messageOf(request);
        const { nodeId, bootId } = message;
        const sequence = Number(message['sequence']);
        const response = await next(request);
        if (isRegistration(request) || response.status !== 200) return response;
        const seen = boots.get(nodeId) ?? [];
        const boot = seen.find((known) => known.bootId === bootId);
        if (!boot) boots.set(nodeId, [...seen, { bootId, highest: sequence }]);
        const isLate = boot !== undefined && seen.at(-1) !== boot;
        if (boot && !isLate) boot.highest = Math.max(boot.highest, sequence);
        if (!isLate || (sequence <= boot.highest && !isOfAnySequence)) return response;
        return changed(response, (json) => {
          const atMs = Date.parse(String(json['serverTime']));
          const first = returns.get(bootId) ?? { sequence, atMs };
          returns.set(bootId, first);
          const isBack = sequence > first.sequence && atMs - first.atMs >= apartMs;
          return { ...json, ...(isBack && { cloneSuspected: true }) };
        });
      };
    },
  };
}
