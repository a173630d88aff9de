import { render, screen } from '@testing-library/react';
import * as React from 'react';

import { SubmitBar } from '../compose/SubmitBar';
import { trans } from './fixtures';

function bar(isSlow: boolean): JSX.Element {
  return (
    <SubmitBar
      issues={[]}
      taskCount={null}
      isSubmitting
      isSlow={isSlow}
      jobId={null}
      onSubmit={jest.fn()}
      onJump={jest.fn()}
      onOpenJob={jest.fn()}
      onSubmitAnother={jest.fn()}
      onSaveTemplate={jest.fn()}
      trans={trans}
    />
  );
}

it('says that an answer takes long to those who listen, too', () => {
  const { rerender } = render(bar(false));
  const status = screen.getByRole('status');
  expect(status).toHaveTextContent('');
  rerender(bar(true));
  expect(status).toHaveTextContent(/^There is no answer yet\./);
});
