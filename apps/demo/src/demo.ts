import { startWithSqlite } from '@serve.zone/baseos-command-line';

await startWithSqlite('The demo', 'npm start', () => import('./program.js'));
