import { describe, expect, test } from 'vitest';
import { startFleet, twoShops } from '../../test/start-fleet.js';

/** A fleet in which `b-1` waits for approval, and its alert is open. */
async function setUp() {
  const started = await startFleet(twoShops);
  const keep = () => started.cloudly.store.keepAlerts({ nowMs: Date.now(), groupLabel: 'site', limit: 100 });
  await keep();
  return { ...started, keep, alertId: `pending-approval:${started.nodeId('b-1')}` };
}

describe('alerts', () => {
  test('are listed with what they are about, until they are snoozed', async () => {
    const { run, alertId } = await setUp();
    expect((await run('alert', 'list')).stdout).toMatch(
      /^URGENCY +KIND +ABOUT +SINCE +NOTE\nlow +pending-approval +b-1 +\S.*\n$/,
    );
    const snoozed = await run('alert', 'snooze', alertId, '--until', '2d', '--note', 'on its way');
    expect(snoozed.stderr).toMatch(/^The alert pending-approval of b-1 is snoozed until \S+Z\.\n$/);
    expect((await run('alert', 'list')).stderr).toContain('There are no such alerts: nothing needs you.');
    const { stdout } = await run('alert', 'list', '--snoozed', '--wide');
    expect(stdout).toMatch(/snoozed by cli:\S+, in 47 h: on its way /);
    await run('alert', 'unsnooze', alertId);
    expect((await run('alert', 'list', '--snoozed')).stderr).toContain('No such alert is snoozed.');
  });

  test('are listed for programs with what to do', async () => {
    const { run, alertId } = await setUp();
    const [alert] = JSON.parse((await run('alert', 'list', 'label.shop=b', '--json')).stdout) as unknown[];
    expect(alert).toMatchObject({
      id: alertId,
      urgency: 'low',
      node: { shownName: 'b-1' },
      since: expect.stringMatching(/Z$/),
      remedy: expect.stringContaining('approval code'),
      actions: [{ call: 'approve' }, { call: 'revoke' }],
    });
    expect((await run('alert', 'list', 'label.shop=a', '--json')).stdout).toBe('[]\n');
    const { stdout } = await run('alert', 'list', '--csv', '--columns', 'urgency,kind,about,node-count');
    expect(stdout).toBe('urgency,kind,about,node-count\nlow,pending-approval,b-1,1\n');
  });

  test('stand with their node, each with its remedy', async () => {
    const { run, fleet, nodeId, keep } = await setUp();
    const shown = await run('node', 'show', 'b-1');
    expect(shown.stdout).toMatch(/Alerts +pending-approval \(low\), since .*\n +Compare its approval code/);
    const { openAlerts } = JSON.parse((await run('node', 'show', 'b-1', '--json')).stdout) as { openAlerts: unknown[] };
    expect(openAlerts).toHaveLength(1);
    expect((await run('node', 'list', 'alert:pending-approval', '--columns', 'name,alerts')).stdout).toBe(
      'NAME  ALERTS\nb-1   pending-approval\n',
    );
    await fleet.approve(nodeId('b-1'));
    await keep();
    expect((await run('node', 'show', 'b-1')).stdout).not.toContain('Alerts');
  });

  test.each([
    [['alert', 'list', '--kind', 'ofline'], 'Did you mean "offline"?'],
    [['alert', 'list', '--urgency', 'x'], 'There are: low, medium, high.'],
    [['alert', 'snooze', 'offline:x', '--until', 'soon'], '--until must be a duration such as 30m'],
    [['maintenance', 'start', '--until', '2h'], 'a selector'],
  ])('%j is a mistake', async (argv, message) => {
    const { run } = await startFleet([]);
    const { exitCode, stderr } = await run(...argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});

describe('a maintenance', () => {
  test('is started, listed and ended', async () => {
    const { run } = await setUp();
    const started = await run(
      'maintenance',
      'start',
      'label.shop=a',
      '--from',
      '1h',
      '--until',
      '2h',
      '--note',
      'new router',
    );
    expect(started.stderr).toMatch(/^3 nodes are in maintenance from \S+Z to \S+Z \([0-9a-f-]{36}\)\.\n$/);
    expect((await run('maintenance', 'list')).stdout).toMatch(
      /^SELECTOR +FROM +UNTIL +BY +NOTE\nlabel\.shop=a +in 59 min +in 2 h +cli:\S+ +new router\n$/,
    );
    const [{ id } = { id: '' }] = JSON.parse((await run('maintenance', 'list', '--json')).stdout) as { id: string }[];
    expect((await run('maintenance', 'end', id)).stderr).toContain('The maintenance of label.shop=a is over.');
    expect((await run('maintenance', 'list')).stderr).toContain('There is no maintenance.');
    expect((await run('maintenance', 'list', '--all')).stdout).toContain('label.shop=a');
  });
});
