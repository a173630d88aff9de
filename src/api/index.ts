export { BatchClient, CHANGED_SCHEMA_ID } from './client';
export { BatchError } from './errors';
export { Visibility } from './visibility';
