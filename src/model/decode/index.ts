/** From unknown answers to the contract's types: strict about what is required, blind to the rest. */
export { decodeAllocationList } from './allocation';
export * from './answers';
export * from './array';
export { DecodeError } from './decoder';
export type { Decoder } from './decoder';
export * from './details';
export * from './gateway';
export * from './job';
export * from './runDirectories';
