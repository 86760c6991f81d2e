export { createFleetPage, type FleetPage, type FleetPageOptions } from './serve/create-fleet-page.js';
export { pagePathOf } from './serve/page-path.js';
