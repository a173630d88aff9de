import { folderIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { fieldOfParameter } from '../../model/formTasks';
import { countText } from '../text/timeText';
import { FieldIssues, toneOf, useFieldIssues } from './Field';
import type { IFormHandle } from './formHandle';

/** One parameter: its name, what it is given, and for how many tasks. */
export function ParameterRow(props: {
  form: IFormHandle;
  name: string;
  value: string;
  placeholder: string;
  onChange: (value: string) => void;
  /** What stands for its name. */
  children: React.ReactNode;
}): JSX.Element {
  const { form, name, value } = props;
  const { trans } = form;
  const field = fieldOfParameter(name);
  const { id, issues, control } = useFieldIssues(form, field);
  const cell = form.tasks.cells.find(one => one.name === name);
  const count = cell?.reading.kind === 'values' ? cell.reading.count : 1;
  return (
    <tr>
      <th scope="row">{props.children}</th>
      <td className={toneOf(issues)}>
        <div className="jp-BatchJobs-value">
          <input
            {...control}
            type="text"
            className="jp-mod-styled jp-mod-code"
            aria-label={trans.__('Value of %1', name)}
            placeholder={props.placeholder}
            value={value}
            spellCheck={false}
            autoComplete="off"
            onPaste={event => pasteLines(event, props.onChange)}
            onChange={event => props.onChange(event.target.value)}
          />
          {form.chooseColumn && (
            <button
              type="button"
              className="jp-BatchJobs-rowButton"
              aria-label={trans.__('Take %1 from the column of a file…', name)}
              title={trans.__('One value per task from the column of a file…')}
              onClick={() => form.chooseColumn?.(props.onChange)}
            >
              <folderIcon.react tag="span" />
            </button>
          )}
        </div>
        <FieldIssues id={id} issues={issues} />
      </td>
      <td className="jp-BatchJobs-count">
        {cell?.reading.kind === 'issue' ? '–' : countText(count)}
      </td>
    </tr>
  );
}

/** A line of text would drop the ends of lines: the numbers of a column would run into one. */
function pasteLines(
  event: React.ClipboardEvent<HTMLInputElement>,
  onChange: (value: string) => void
): void {
  const text = event.clipboardData.getData('text/plain').trim();
  if (!/[\r\n]/.test(text)) {
    return;
  }
  event.preventDefault();
  const input = event.currentTarget;
  const { value, selectionStart, selectionEnd } = input;
  const before = value.slice(0, selectionStart ?? value.length);
  const after = value.slice(selectionEnd ?? value.length);
  onChange(before + text.replace(/,?[ \t]*(\r\n?|\n)+[ \t]*/g, ', ') + after);
}
