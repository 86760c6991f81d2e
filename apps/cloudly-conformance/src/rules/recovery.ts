import { expectAdmitted, expectProblem, expectTaken } from '../rule/expectations.js';
import type { Section } from '../rule/rule.js';

export const recovery: Section = {
  title: 'Recovery',
  rules: [
    {
      name: 'database-restored',
      cites: ['B-2', 'A-4'],
      rule: 'after a restore of the database, a known node re-enrols with its key',
      needs: ['backUp', 'restore'],
      run: async ({ enrol, register, heartbeat, ask }) => {
        const node = await enrol();
        await ask('backUp');
        const newer = expectAdmitted(await register(node.registration()), 200);
        expectTaken(await heartbeat(node.heartbeat(), newer), 'to a token issued after the backup');
        await ask('restore');
        expectProblem(
          await heartbeat(node.heartbeat(), newer),
          'node-token-unknown',
          'to that token after the restore',
        );
        const nodeToken = expectAdmitted(await register(node.registration()), 200, 'to its key');
        expectTaken(await heartbeat(node.heartbeat(), nodeToken), 'to its heartbeat');
      },
    },
    {
      name: 'still-there',
      cites: ['B-4'],
      rule: 'after all of this, a heartbeat is accepted as before',
      run: async ({ resident, heartbeat }) => {
        const node = await resident();
        expectTaken(await heartbeat(node.fullHeartbeat(), node.nodeToken));
      },
    },
  ],
};
