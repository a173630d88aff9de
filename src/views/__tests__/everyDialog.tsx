import type { TranslationBundle } from '@jupyterlab/translation';
import { render } from '@testing-library/react';
import * as React from 'react';

import type { JobRow } from '../../model/contract';
import { AS_THEY_WERE, textsOf, toManyPatch } from '../../model/resubmission';
import { ResubmitForm } from '../job/ResubmitForm';
import type { IResubmitState } from '../job/ResubmitForm';
import { ResubmitManyForm } from '../job/ResubmitManyForm';
import { AS_IT_IS, CHANGEABLE_FIELDS } from '../../model/terms';
import { TermsForm } from '../job/TermsForm';
import { OFFLINE } from './everyForm';
import { makeRow, TASK_COUNTS } from './fixtures';

const { texts: NO_TEXTS } = AS_THEY_WERE;

function drawResubmit(
  trans: TranslationBundle,
  changes: Partial<IResubmitState> = {}
): HTMLElement {
  const row = makeRow({
    phase: 'ERROR',
    reason: 'memory',
    memory_peak_bytes: 2 ** 31
  });
  const { container } = render(
    <ResubmitForm
      state={{
        row,
        texts: textsOf(row),
        chosenCount: null,
        onlyFailed: null,
        formIssues: [],
        issues: [],
        error: null,
        isSubmitting: false,
        hasChanged: false,
        ...changes
      }}
      onChange={jest.fn()}
      onOnlyFailed={jest.fn()}
      trans={trans}
    />
  );
  return container;
}

function drawTerms(
  trans: TranslationBundle,
  rows: readonly JobRow[],
  isWrong: boolean
): HTMLElement {
  return render(
    <TermsForm
      rows={rows}
      fields={CHANGEABLE_FIELDS}
      texts={{ ...AS_IT_IS, walltime_seconds: isWrong ? 'soon' : '2h' }}
      wrong={isWrong ? CHANGEABLE_FIELDS : []}
      onChange={jest.fn()}
      trans={trans}
    />
  ).container;
}

function drawMany(trans: TranslationBundle): HTMLElement {
  return render(
    <ResubmitManyForm
      rows={[
        makeRow({ phase: 'ERROR', reason: 'walltime' }),
        makeRow({ phase: 'ERROR', array: TASK_COUNTS }, 2)
      ]}
      text=""
      choice={{ ...AS_THEY_WERE, texts: { ...NO_TEXTS, memory: 'much' } }}
      issues={toManyPatch({ ...NO_TEXTS, memory: 'much' }).issues}
      onChange={jest.fn()}
      trans={trans}
    />
  ).container;
}

const WITH_ISSUES: Partial<IResubmitState> = {
  issues: [
    {
      field: 'spec.resources.memory_bytes',
      severity: 'warning',
      code: 'over_machine',
      message: '',
      limit: 2 ** 30
    },
    {
      field: 'spec.task.path',
      severity: 'warning',
      code: 'source_changed',
      message: '',
      limit: null
    }
  ]
};

/** Every state of the dialogs about jobs in which they say most. */
export const DIALOGS: [string, (trans: TranslationBundle) => HTMLElement][] = [
  ['the dialog that resubmits', trans => drawResubmit(trans)],
  [
    'the dialog that resubmits, with problems',
    trans =>
      drawResubmit(trans, {
        ...WITH_ISSUES,
        formIssues: [{ field: 'spec.resources.cores', code: 'not_a_number' }]
      })
  ],
  [
    'the dialog that resubmits an array',
    trans =>
      drawResubmit(trans, {
        row: makeRow({ array: TASK_COUNTS, phase: 'ERROR' }),
        onlyFailed: true
      })
  ],
  [
    'the dialog that resubmits without the server',
    trans => drawResubmit(trans, { error: OFFLINE })
  ],
  [
    'the dialog whose job goes on after all',
    trans => drawResubmit(trans, { hasChanged: true })
  ],
  ['the dialog that resubmits many', drawMany],
  [
    'the dialog that changes a job',
    trans => drawTerms(trans, [makeRow()], true)
  ],
  [
    'the dialog that changes many jobs',
    trans =>
      drawTerms(trans, [makeRow(), makeRow({ walltime_seconds: 60 }, 2)], false)
  ]
];
