import { Visibility } from '../visibility';

function setHidden(isHidden: boolean): void {
  Object.defineProperty(document, 'hidden', {
    configurable: true,
    value: isHidden
  });
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('Visibility', () => {
  it('tells when the tab is looked at again, until it is disposed', () => {
    const visibility = new Visibility();
    let shown = 0;
    visibility.shown.connect(() => (shown += 1));
    setHidden(true);
    expect(shown).toBe(0);
    setHidden(false);
    expect(shown).toBe(1);
    visibility.dispose();
    setHidden(false);
    expect(shown).toBe(1);
  });
});
