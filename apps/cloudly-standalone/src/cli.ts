#!/usr/bin/env node
import { startWithSqlite } from '@serve.zone/baseos-command-line';
import { rootScript } from './program-name.js';

await startWithSqlite('cloudly-standalone', rootScript, () => import('./program.js'));
