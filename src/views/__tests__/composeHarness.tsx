import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import * as React from 'react';

import type { FormContent } from '../../model/form';
import { newForm } from '../../model/form';
import { NO_TABLES } from '../../model/sweep';
import { composeState } from '../../widgets/composeState';
import { ComposeForm } from '../compose/ComposeForm';
import type { IComposeFormProps, IComposeState } from '../compose/ComposeForm';
import { makeGateway, NOW, trans } from './fixtures';

export const GATEWAYS = [
  makeGateway(),
  makeGateway({
    id: 'local',
    kind: 'local',
    title: 'This machine',
    queues: [],
    accounts: [],
    survives: { server_restart: true, reboot: false }
  })
];

/** A form that can be submitted. */
export const READY = newForm({
  kind: 'notebook',
  path: 'work/fit.ipynb',
  name: 'fit',
  gateway_id: 'slurm'
});

/** The form with what was typed, as its model would show it. */
function Harness(props: {
  form: Omit<IComposeFormProps, 'state'>;
  content: FormContent;
  changes: Partial<IComposeState>;
}): JSX.Element {
  const [content, setContent] = React.useState(props.content);
  const state = composeState({
    draft: {
      key: 'k'.repeat(32),
      content,
      state: 'saved',
      isSent: false,
      jobId: null,
      error: null
    },
    checked: {
      content,
      check: {
        issues: [],
        similar: null,
        cost: null,
        allocation_left: null,
        limits: [],
        preview: { script: '#!/bin/sh\nrun', request: '{"job": {}}' }
      }
    },
    notebook: null,
    tables: NO_TABLES,
    original: null,
    script: null,
    refusal: null,
    error: null,
    sending: { isSubmitting: false, isSlow: false },
    isDocumentDirty: false,
    gateways: GATEWAYS,
    choices: [],
    drafts: []
  });
  return (
    <ComposeForm
      {...props.form}
      state={{ ...state, ...props.changes }}
      onChange={changes => {
        props.form.onChange(changes);
        setContent({ ...content, ...changes });
      }}
    />
  );
}

/** Draw the form with contents and with what the server says of them. */
export function setUpForm(
  content: Partial<FormContent> = {},
  changes: Partial<IComposeState> = {},
  translation = trans
) {
  const form = {
    onChange: jest.fn(),
    onSubmit: jest.fn(),
    onLookAgain: jest.fn(),
    onSubmitAnother: jest.fn(),
    onOpenJob: jest.fn(),
    onOpenDraft: jest.fn(),
    onOpenScript: jest.fn(),
    onOpenTemplate: jest.fn(),
    onSaveTemplate: jest.fn(),
    onSaveNotebook: jest.fn(),
    onRetryGateway: jest.fn(),
    onCopy: jest.fn(),
    onChooseColumn: jest.fn()
  };
  const view = render(
    <Harness
      form={{ ...form, now: NOW, trans: translation }}
      content={{ ...READY, ...content }}
      changes={changes}
    />
  );
  return { ...form, user: userEvent.setup(), container: view.container };
}
