/** Tells elements whether they are in sight: jsdom has no sight. */
export class Sight {
  static all: Sight[] = [];
  isWatching = true;
  constructor(
    private readonly _tell: (entries: { isIntersecting: boolean }[]) => void
  ) {
    Sight.all.push(this);
  }
  observe(): void {
    this.isWatching = true;
  }
  disconnect(): void {
    this.isWatching = false;
  }
  static show(isIntersecting: boolean): void {
    Sight.all
      .filter(sight => sight.isWatching)
      .forEach(sight => sight._tell([{ isIntersecting }]));
  }
}

/** Let a file of tests say what is in sight. */
export function beforeEverySight(): void {
  const { IntersectionObserver } = window;
  beforeEach(() => {
    Sight.all = [];
    window.IntersectionObserver = Sight as never;
  });
  afterEach(() => {
    window.IntersectionObserver = IntersectionObserver;
  });
}
