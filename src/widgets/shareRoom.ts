import type { AccordionPanel } from '@lumino/widgets';

/** So much of the panel is that of jobs, to one part of each other section that is unfolded. */
const PARTS_OF_JOBS = 2;

/**
 * Give each section that is unfolded its part of the panel, the first one most.
 *
 * One that was folded before the panel had a size is unfolded to nothing else.
 */
export function shareRoom(accordion: AccordionPanel): void {
  accordion.setRelativeSizes(
    accordion.widgets.map((widget, index) =>
      widget.isHidden ? 0 : index === 0 ? PARTS_OF_JOBS : 1
    )
  );
}
