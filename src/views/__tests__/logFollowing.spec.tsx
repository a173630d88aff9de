import { fireEvent, screen } from '@testing-library/react';

import { setUpLog } from './logHarness';

const HEIGHT = 100;

/** Give an element the sizes that jsdom, which lays nothing out, does not. */
function layOut(node: HTMLElement, scrollHeight: number): void {
  Object.defineProperty(node, 'scrollHeight', {
    value: scrollHeight,
    configurable: true
  });
  Object.defineProperty(node, 'clientHeight', {
    value: HEIGHT,
    configurable: true
  });
  // As a browser does: no further than to the end.
  let top = node.scrollTop;
  Object.defineProperty(node, 'scrollTop', {
    get: () => top,
    set: (value: number) => {
      top = Math.max(0, Math.min(value, scrollHeight - HEIGHT));
    },
    configurable: true
  });
}

function scrollTo(node: HTMLElement, top: number): void {
  node.scrollTop = top;
  fireEvent.scroll(node);
}

/** Stand in for what tells of sizes, of which jsdom has none. */
function watchSizes() {
  const elements: Element[] = [];
  const callbacks: (() => void)[] = [];
  class Watch implements ResizeObserver {
    constructor(callback: ResizeObserverCallback) {
      callbacks.push(() => callback([], this));
    }

    observe(element: Element): void {
      elements.push(element);
    }

    unobserve(): void {
      throw new Error('nobody does');
    }

    disconnect(): void {
      callbacks.splice(0);
    }
  }
  jest
    .spyOn(window, 'ResizeObserver')
    .mockImplementation(callback => new Watch(callback));
  return {
    elements: () => elements,
    resize: () => callbacks.forEach(callback => callback())
  };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('following', () => {
  it('stays at the end as text comes', () => {
    const { node, show } = setUpLog({ isFollowing: true, text: 'a' });
    layOut(node, 1000);
    show({ isFollowing: true, text: 'a\nb' });
    expect(node.scrollTop).toBe(900);
    layOut(node, 1200);
    show({ isFollowing: true, text: 'a\nb\nc' });
    expect(node.scrollTop).toBe(1100);
  });

  it('stays at the end as the pane gets lower or its lines are wrapped', () => {
    const watched = watchSizes();
    const { node } = setUpLog({ isFollowing: true, text: 'a' });
    expect(watched.elements()).toEqual([node, node.querySelector('pre')]);
    layOut(node, 1000);
    watched.resize();
    expect(node.scrollTop).toBe(900);
  });

  it('stays where it is while paused, whatever its size', () => {
    const watched = watchSizes();
    const { node } = setUpLog({ isFollowing: false, text: 'a' });
    layOut(node, 1000);
    scrollTo(node, 300);
    watched.resize();
    expect(node.scrollTop).toBe(300);
  });

  it('pauses when it is scrolled up, by wheel, key or scroll bar', () => {
    const { node, onFollow, show } = setUpLog({ isFollowing: true, text: 'a' });
    layOut(node, 1000);
    show({ isFollowing: true, text: 'a\nb' });
    fireEvent.wheel(node, { deltaY: 3 });
    expect(onFollow).not.toHaveBeenCalled();
    fireEvent.wheel(node, { deltaY: -3 });
    fireEvent.keyDown(node, { key: 'PageUp' });
    scrollTo(node, 300);
    expect(onFollow.mock.calls).toEqual([[false], [false], [false]]);
  });

  it('does not take its own scrolling for the user’s', () => {
    const { node, onFollow, show } = setUpLog({ isFollowing: true, text: 'a' });
    layOut(node, 1000);
    show({ isFollowing: true, text: 'a\nb' });
    fireEvent.scroll(node);
    expect(onFollow).not.toHaveBeenCalled();
  });

  it('stays where it is while paused', () => {
    const { node, show } = setUpLog({ isFollowing: false, text: 'a' });
    layOut(node, 1000);
    scrollTo(node, 300);
    show({ isFollowing: false, text: 'a\nb' });
    expect(node.scrollTop).toBe(300);
  });

  it('goes on when one comes back to the end of a live log', () => {
    const { node, onFollow } = setUpLog({ isFollowing: false, text: 'a' });
    layOut(node, 1000);
    scrollTo(node, 500);
    expect(onFollow).not.toHaveBeenCalled();
    scrollTo(node, 900);
    expect(onFollow).toHaveBeenCalledWith(true);
  });

  it('is not taken up at the end of a log that has ended', () => {
    const { node, onFollow } = setUpLog(
      { isFollowing: false },
      { isLive: false }
    );
    layOut(node, 1000);
    scrollTo(node, 900);
    expect(onFollow).not.toHaveBeenCalled();
  });

  it('is switched by its box', async () => {
    const { user, onFollow } = setUpLog({ isFollowing: true });
    const box = screen.getByRole('checkbox', { name: 'Follow' });
    expect(box).toBeChecked();
    await user.click(box);
    expect(onFollow).toHaveBeenCalledWith(false);
  });

  it('is offered where there is more behind', async () => {
    const { user, onFollow } = setUpLog({ isFollowing: false, hasLater: true });
    await user.click(screen.getByRole('button', { name: 'Go to the end' }));
    expect(onFollow).toHaveBeenCalledWith(true);
  });
});
