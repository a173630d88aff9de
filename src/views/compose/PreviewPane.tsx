import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Preview, Submission } from '../../model/contract';
import { toMagic, toPython } from '../../model/preview';
import { Segments } from './Segments';

type PreviewKind = 'script' | 'json' | 'python' | 'magic';

/** Exactly what will be sent, and the same job as code to copy. */
export function PreviewPane(props: {
  preview: Preview | null;
  submission: Submission | null;
  /** The preview is of an earlier state of the form. */
  isOld: boolean;
  onCopy: (text: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { preview, submission, trans } = props;
  const [kind, setKind] = React.useState<PreviewKind>('script');
  const text = previewOf(kind, preview, submission);
  const isBeyondCode = submission !== null && text === null && isCode(kind);
  return (
    <section className="jp-BatchJobs-preview">
      <div className="jp-BatchJobs-previewHead">
        <h3>{trans.__('Exactly what will be sent')}</h3>
        <Segments
          label={trans.__('Show as')}
          value={kind}
          options={[
            { value: 'script', title: trans.__('Script') },
            { value: 'json', title: trans.__('JSON') },
            { value: 'python', title: trans.__('Python') },
            { value: 'magic', title: trans.__('Magic') }
          ]}
          onChange={setKind}
        />
      </div>
      <div className="jp-BatchJobs-previewBody">
        <pre
          tabIndex={0}
          aria-label={trans.__('Preview')}
          aria-busy={props.isOld}
        >
          {text ??
            (isBeyondCode
              ? trans.__('Only JSON can say all of this job.')
              : trans.__('Shown when the form has no errors.'))}
        </pre>
        {text !== null && (
          <button
            type="button"
            className="jp-BatchJobs-copy"
            onClick={() => props.onCopy(text)}
          >
            {trans.__('Copy')}
          </button>
        )}
      </div>
    </section>
  );
}

/** Whether it is shown as code that submits it. */
function isCode(kind: PreviewKind): boolean {
  return kind === 'python' || kind === 'magic';
}

function previewOf(
  kind: PreviewKind,
  preview: Preview | null,
  submission: Submission | null
): string | null {
  switch (kind) {
    case 'script':
      return preview?.script ?? null;
    case 'json':
      return preview?.request ?? null;
    case 'python':
      return submission && toPython(submission);
    case 'magic':
      return submission && toMagic(submission);
  }
}
