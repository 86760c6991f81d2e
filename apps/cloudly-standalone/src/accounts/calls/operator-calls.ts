import { formatScope } from '@serve.zone/baseos-cloudly-handlers';
import { requireRole } from '@serve.zone/baseos-cloudly-handlers/mounting';
import type { Me, Operators } from '@serve.zone/baseos-fleet-api';
import { changeOperator, removeOperator } from '../decisions/change-operators.js';
import { isLiveOperator } from '../decisions/lapses.js';
import { credentialOf } from '../identity/account-caller.js';
import { foldName } from '../identity/account-name.js';
import { readRights } from '../identity/rights.js';
import { type AccountsContext, byOf, decide } from './accounts-context.js';
import { shownOperator } from './shown-accounts.js';

type OperatorCalls = Pick<Operators, 'me' | 'listOperators' | 'changeOperator' | 'removeOperator'>;

/** What an admin does with operators. */
export function operatorCalls(context: AccountsContext): OperatorCalls {
  return {
    async me(caller): Promise<Me> {
      const { actor, role, scope } = caller;
      const { name, kind, expiresAtMs } = credentialOf(caller) ?? {
        name: actor,
        kind: 'host' as const,
        expiresAtMs: undefined,
      };
      return {
        name,
        kind: kind === 'session' ? 'operator' : kind,
        role,
        ...(scope && { scope: formatScope(scope) }),
        ...(expiresAtMs !== undefined && { expiresAtMs }),
      };
    },

    async listOperators(caller) {
      requireRole({ caller }, 'unscoped-admin', 'list operators');
      const { operators } = await context.store.read();
      const inOrder = operators.filter(isLiveOperator).toSorted((one, other) => (one.name < other.name ? -1 : 1));
      return inOrder.map(shownOperator);
    },

    async changeOperator(caller, name, rights) {
      requireRole({ caller }, 'unscoped-admin', 'change an operator');
      return shownOperator(
        await decide(context, changeOperator(foldName(name), readRights(rights), byOf(caller, context))),
      );
    },

    async removeOperator(caller, name) {
      requireRole({ caller }, 'unscoped-admin', 'remove an operator');
      await decide(context, removeOperator(foldName(name), byOf(caller, context)));
    },
  };
}
