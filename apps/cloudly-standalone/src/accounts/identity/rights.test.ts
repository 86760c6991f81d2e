import { isInScope, parseScope } from '@serve.zone/baseos-cloudly-handlers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commonScope, lowerRole, readRights, rightsWithin } from './rights.js';

const scopes = fc.constantFrom(undefined, 'label.site=a', 'label.site=a,b', 'label.site=b label.floor!=2', 'label.lab');
const nodes = fc.dictionary(fc.constantFrom('site', 'floor', 'lab'), fc.constantFrom('a', 'b', '2'));

function scopeOf(text: string | undefined) {
  return text === undefined ? undefined : parseScope(text);
}

describe('rights within those of somebody', () => {
  test('reach no node that is out of the scope of either', () => {
    fc.assert(
      fc.property(scopes, scopes, nodes, (one, other, labels) => {
        const common = commonScope(scopeOf(one), scopeOf(other));
        expect(isInScope(common, labels)).toBe(isInScope(scopeOf(one), labels) && isInScope(scopeOf(other), labels));
      }),
    );
  });

  test('are the same after they are kept', () => {
    fc.assert(
      fc.property(scopes, scopes, nodes, (own, asked, labels) => {
        const caller = { actor: 'operator:ada', role: 'operate', scope: scopeOf(own) } as const;
        const { role, scope } = rightsWithin(caller, { role: 'view', ...(asked !== undefined && { scope: asked }) });
        expect(role).toBe('view');
        expect(isInScope(scopeOf(scope), labels)).toBe(isInScope(commonScope(caller.scope, scopeOf(asked)), labels));
      }),
    );
  });

  test('have the lower of two roles', () => {
    expect([lowerRole('view', 'admin'), lowerRole('admin', 'operate')]).toEqual(['view', 'operate']);
    const ada = { actor: 'operator:ada', role: 'operate' } as const;
    expect(() => rightsWithin(ada, { role: 'admin' })).toThrow('an API token has at most yours');
  });

  test('name where a scope cannot be read, and refuse one that is too long together', () => {
    expect(() => readRights({ role: 'view', scope: 'label.site=a state:late' })).toThrow('(column 14 of the scope)');
    const shops = (count: number) => Array.from({ length: count }, (_, index) => `shop-${1000 + index}`).join(',');
    const caller = { actor: 'operator:ada', role: 'view', scope: parseScope(`label.site=${shops(90)}`) } as const;
    const asked = { role: 'view', scope: `label.shop=${shops(20)}` } as const;
    expect(() => rightsWithin(caller, asked)).toThrow('A selector has at most 1000 characters');
  });
});
