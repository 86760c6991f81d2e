import { operatorRoles } from '../operators/operator-roles.js';
import type { Operators } from '../operators/operators.js';
import { operatorRoutes } from '../routes/operator-routes.js';
import type { Service, Visit } from '../route/service.js';

/** The calls of the operators. Those that sign somebody in or out set a cookie. */
export function operatorsService(operators: Operators): Service {
  return {
    routes: Object.values(operatorRoutes),
    needs: (call) => operatorRoles[call as keyof Operators],
    async run(visit, call, args) {
      const method = operators[call as keyof Operators] as (...given: readonly unknown[]) => Promise<unknown>;
      if (call === 'readInvitation') return method(...args, visitOf(visit));
      if (!isSigning(call)) return method(visit.caller, ...args);
      const asked = call === 'signOut' ? [visit.caller, ...args] : args;
      const { me, setCookie } = (await method(...asked, visitOf(visit))) as { me?: unknown; setCookie: string };
      visit.answerHeaders.set('set-cookie', setCookie);
      return me;
    },
  };
}

function isSigning(call: string): boolean {
  return call === 'signIn' || call === 'signOut' || call === 'acceptInvitation';
}

function visitOf({ request, info }: Visit): Pick<Visit, 'request' | 'info'> {
  return { request, info };
}
