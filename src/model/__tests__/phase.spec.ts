import { canCancel } from '../phase';
describe('canCancel', () => {
  it('x', () => {
    expect(canCancel({ phase: 'ERROR', substate: null })).toBe(false);
  });
});
