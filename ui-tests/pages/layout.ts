import { expect, type Locator } from '@playwright/test';

/** Cells say all when the mouse comes; titles of the panel give way to buttons; what is read out is not seen; what was typed scrolls in its field. */
const MAY_BE_CUT =
  '[aria-hidden="true"], .jp-mod-plain, .jp-BatchJobs-srOnly, .jp-AccordionPanel-title, .jp-BatchJobs-panelTitle, option, textarea';
/** What was written by others breaks anywhere. */
const MAY_BREAK = 'pre, code, input, textarea, [role="log"], .jp-mod-code';
/** Tables that scroll sideways rather than break their words, however little room there is. */
const SCROLLS = '.jp-BatchJobs-causes, .jp-BatchJobs-events';
const CONTROLS =
  'button, a[href], input, select, textarea, summary, [role="tab"]';

/** Expect that a part of the page can be read and used as it is drawn now, without scrolling sideways. */
export async function expectReadable(part: Locator): Promise<void> {
  await expect(part).toBeVisible();
  await expect
    .poll(
      async () => [
        ...(await part.evaluate(outside)),
        ...(await part.evaluate(cut, MAY_BE_CUT)),
        ...(await part.evaluate(broken, [
          `${MAY_BE_CUT}, ${MAY_BREAK}`,
          SCROLLS
        ] as const)),
        ...(await part.evaluate(overlapping, CONTROLS)),
        ...(await part.evaluate(covered, CONTROLS))
      ],
      { timeout: 20_000 }
    )
    .toEqual([]);
}

/** Expect that the Tab key comes to all that can be pressed or filled in, and that each is in sight then. */
export async function expectReachable(part: Locator): Promise<void> {
  const missed = part.locator('[data-missed]');
  // Whatever still opens may take the focus away once; then the way begins again.
  await expect(async () => {
    const count = await part.evaluate(watchFocus);
    // Chromium stops at what scrolls, too.
    for (let stop = 1; stop < 2 * count && (await missed.count()) > 0; stop++) {
      await part.page().keyboard.press('Tab');
    }
    expect(
      await missed.evaluateAll(all => all.map(e => e.outerHTML.slice(0, 200)))
    ).toEqual([]);
  }).toPass();
}

/** Mark what can have the focus until it had it in sight; the first has it now. */
function watchFocus(root: Element): number {
  const stops = Array.from(root.querySelectorAll<HTMLElement>('*')).filter(
    e =>
      e.tabIndex >= 0 &&
      e.checkVisibility({ visibilityProperty: true }) &&
      !(e as HTMLInputElement).disabled &&
      !(e.matches('[type="radio"]') && !(e as HTMLInputElement).checked)
  );
  stops.forEach(e => (e.dataset.missed = ''));
  root.addEventListener('focusin', ({ target }) => {
    const e = target as HTMLElement;
    const { left, top, width, height } = e.getBoundingClientRect();
    const hit = document.elementFromPoint(
      left + width / 2,
      Math.min(top + height / 2, innerHeight - 1)
    );
    if (hit && (e.contains(hit) || hit.contains(e))) {
      delete e.dataset.missed;
    }
  });
  stops[0]?.focus();
  return stops.length;
}

/** What stands out at a side, but for what scrolls by itself, as a table does. */
function outside(root: Element): string[] {
  const scrolls = (e: Element | null): boolean =>
    e !== null &&
    e !== root &&
    (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
  const { left, right } = root.getBoundingClientRect();
  return Array.from(root.querySelectorAll('*'))
    .filter(e => e.checkVisibility())
    .filter(e => {
      const box = e.getBoundingClientRect();
      return box.width > 1 && (box.right > right + 1 || box.left < left - 1);
    })
    .filter(e => !scrolls(e.parentElement))
    .map(e => `outside: ${e.tagName} ${e.className} ${e.textContent}`);
}

/** Words of which a part is hidden, with no way to scroll there. */
function cut(root: Element, mayBeCut: string): string[] {
  const hides = (e: Element | null): Element | null =>
    e === null || !root.contains(e)
      ? null
      : /hidden|clip/.test(getComputedStyle(e).overflow)
        ? e
        : hides(e.parentElement);
  const says = (e: Element, text: string): boolean =>
    e.closest<HTMLElement>('[title]')?.title.includes(text) ?? false;
  const found = new Set<string>();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, nodeValue } = walker.currentNode;
    const isSeen =
      nodeValue?.trim() &&
      parentElement?.checkVisibility({ visibilityProperty: true }) &&
      !parentElement.closest(mayBeCut) &&
      !says(parentElement, nodeValue.trim());
    const box = isSeen ? hides(parentElement) : null;
    if (
      box &&
      (box.scrollWidth > box.clientWidth + 1 ||
        box.scrollHeight > box.clientHeight + 3)
    ) {
      found.add(`cut: ${box.tagName} ${box.className} ${box.textContent}`);
    }
  }
  for (const input of root.querySelectorAll('input')) {
    const pen = document.createElement('canvas').getContext('2d');
    const { font, paddingLeft, paddingRight } = getComputedStyle(input);
    const room =
      input.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    if (pen && input.placeholder && !input.title && input.checkVisibility()) {
      pen.font = font;
      if (pen.measureText(input.placeholder).width > room + 1) {
        found.add(`cut: placeholder ${input.placeholder}`);
      }
    }
  }
  return [...found];
}

/** Short words of which a part stands on the next line, where there is room for some words beside each other, or tables scroll. */
function broken(
  root: Element,
  [mayBreak, scrolling]: readonly [string, string]
): string[] {
  const found: string[] = [];
  const hasRoom = (e: Element): boolean =>
    root.clientWidth >= 300 || e.closest(scrolling) !== null;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { currentNode: node } = walker;
    if (
      !node.parentElement?.checkVisibility({ visibilityProperty: true }) ||
      node.parentElement.closest(mayBreak) ||
      !hasRoom(node.parentElement)
    ) {
      continue;
    }
    for (const { 0: word, index } of node.nodeValue?.matchAll(/\S+/g) ?? []) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set(Array.from(range.getClientRects(), r => r.bottom));
      if (lines.size > 1 && /^\p{L}{2,12}$/u.test(word)) {
        found.push(`broken: ${word} in ${node.nodeValue}`);
      }
    }
  }
  return found;
}

/** Controls and words that lie over each other, of those that stand in the same frame. */
function overlapping(root: Element, controls: string): string[] {
  const frameOf = (e: Element | null): Element | null =>
    e && getComputedStyle(e).overflowY === 'visible'
      ? frameOf(e.parentElement)
      : e;
  const seen = Array.from(
    root.querySelectorAll(`${controls}, label, h2, h3, p, dt, dd`)
  )
    .filter(e =>
      e.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    )
    .map(element => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && box.height > 1);
  const found: string[] = [];
  seen.forEach(({ element: one, box: a }, at) => {
    for (const { element: other, box: b } of seen.slice(at + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      const isWithin = one.contains(other) || other.contains(one);
      const isSameFrame =
        (one as HTMLElement).offsetParent ===
          (other as HTMLElement).offsetParent &&
        frameOf(one.parentElement) === frameOf(other.parentElement);
      if (across > 1.5 && down > 1.5 && isSameFrame && !isWithin) {
        found.push(
          `over each other: ${one.outerHTML.slice(0, 160)} and ${other.outerHTML.slice(0, 160)}`
        );
      }
    }
  });
  return found;
}

/** Controls at which a pointer does not get, even after scrolling. */
function covered(root: Element, controls: string): string[] {
  return Array.from(root.querySelectorAll<HTMLElement>(controls))
    .filter(e =>
      e.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    )
    .filter(e => getComputedStyle(e).pointerEvents !== 'none')
    .filter(e => {
      e.scrollIntoView({ block: 'center', inline: 'center' });
      const { left, top, width, height } = e.getBoundingClientRect();
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      return !(hit && (e.contains(hit) || hit.contains(e)));
    })
    .map(e => `out of reach: ${e.outerHTML.slice(0, 200)}`);
}
