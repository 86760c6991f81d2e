import { describe, expect, test } from 'vitest';
import type { FleetNode } from '@serve.zone/baseos-cloudly-handlers';
import { describePlanned, planLabels } from './plan-labels.js';
import { readLabelFile } from './read-label-file.js';

describe('a file of labels', () => {
  test('says which labels a node has', () => {
    expect(readLabelFile('name,label.shop,node,label.role\r\nTill,a,till-7,\r\n')).toEqual({
      lines: [{ line: 2, node: 'till-7', values: { shop: 'a', role: '' } }],
      mistakes: [],
    });
  });

  test.each([
    ['', /^The file is empty\. Its first line names its columns: node, and label\.<key> for each label\.$/],
    ['label.shop\na', /^Line 1: There is no column "node"/],
    ['node,name\na,b', /^Line 1: There is no column label\.<key>/],
    ['node,lable.shop\na,b', /^Line 1: There is no column "lable\.shop"\./],
    ['node,label_shop\na,b', /^Line 1: There is no column "label_shop"\. Did you mean "label\.shop"\?$/],
    ['node,label.-\na,b', /^Line 1: "label\.-" is no column of a label: A label key has/],
    ['node,label.a,label.a\na,b,c', /^Line 1: There are two columns "label\.a"\.$/],
    ['node,label.a\na,"b', /^The cell that begins in line 2 has no quotation mark at its end\.$/],
    ['node,label.a\n,b', /^Line 2 names no node\.$/],
    ['node,label.a\na,b,c', /^Line 2 has 3 cells, and there are 2 columns\.$/],
    ['node,label.a\na,b c', /^Line 2: "b c" cannot be the value of a: A label value has/],
  ])('%j has a mistake in a line that is named', (text, mistake) => {
    expect(readLabelFile(text).mistakes).toEqual([expect.stringMatching(mistake)]);
  });
});

function node(nodeId: string, facts: Partial<FleetNode['facts']>, labels: Record<string, string> = {}): FleetNode {
  const known = { registeredAtMs: 0, joinTokenId: 'j', approval: 'approved', isCloneSuspected: false } as const;
  return { facts: { nodeId, ...known, searchText: '', labelText: '', ...facts }, labels, state: 'online', alerts: [] };
}

const nodes = [
  node('n1', { name: 'Till', uuid: 'u1' }, { shop: 'a', empty: '' }),
  node('n2', { hostname: 'till-2' }),
  node('n3', { hostname: 'twin' }),
  node('n4', { hostname: 'twin' }),
  node('n5', { name: 'n1', hostname: 'five' }),
];

function plan(...lines: [node: string, values: Record<string, string>][]) {
  const written = lines.map(([name, values], index) => ({ line: index + 2, node: name, values }));
  const { planned, mistakes } = planLabels(written, nodes);
  return { changes: planned.map((each) => [each.node.facts.nodeId, each.changes]), mistakes, planned };
}

describe('the plan of a file of labels', () => {
  test('finds nodes by ID, name, host name and device UUID; an ID is never a name', () => {
    const value = { x: '1' };
    expect(plan(['Till', value], ['till-2', value], ['n3', value], ['five', value]).changes).toEqual([
      ['n1', value],
      ['n2', value],
      ['n3', value],
      ['n5', value],
    ]);
    expect(plan(['u1', value]).changes).toEqual([['n1', value]]);
    expect(plan(['n1', value]).changes).toEqual([['n1', value]]);
  });

  test('changes what differs alone', () => {
    expect(plan(['n1', { shop: 'a', empty: '', none: '' }]).changes).toEqual([]);
    expect(plan(['n1', { shop: '', role: 'till', empty: 'x' }]).changes).toEqual([
      ['n1', { shop: null, role: 'till', empty: 'x' }],
    ]);
    expect(plan(['n1', { shop: 'b', role: 'till' }], ['n2', { shop: 'c' }]).planned.map(describePlanned)).toEqual([
      'Till: shop=b (was a), role=till',
      'till-2: shop=c',
    ]);
  });

  test('names what cannot be changed', () => {
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`k${index}`, '1']));
    expect(plan(['n9', {}], ['twin', {}], ['n1', {}], ['Till', {}], ['n2', many]).mistakes).toEqual([
      'Line 2: There is no node "n9".',
      'Line 3: Several nodes are called "twin". Give the ID of one.',
      'Line 5: "Till" is the node of line 4, too.',
      'Line 6: A node has at most 32 labels.',
    ]);
  });
});
