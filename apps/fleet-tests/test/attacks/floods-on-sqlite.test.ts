import { createSqliteDatabase } from '../../src/database/sqlite-database.js';
import { describeFloods } from './what-floods-cost.js';

describeFloods('SQLite', createSqliteDatabase);
