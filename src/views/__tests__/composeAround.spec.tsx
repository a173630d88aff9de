import { screen } from '@testing-library/react';

import type { Draft } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { refusal } from '../../stores/__tests__/refusals';
import { setUpForm } from './composeHarness';
import { fixLocale, makeGateway } from './fixtures';

fixLocale();

describe('around the form', () => {
  it('a notebook with unsaved changes is said, and saved from here', async () => {
    const { user, onSaveNotebook } = setUpForm(
      {},
      { hasUnsavedNotebook: true }
    );
    expect(screen.getByText(/changes that are not saved/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Save notebook' }));
    expect(onSaveNotebook).toHaveBeenCalledTimes(1);
  });

  it('a silent gateway is said, and asked again', async () => {
    const gateway = makeGateway();
    gateway.health = { ...gateway.health, ok: false, error: 'timeout' };
    const { user, onRetryGateway } = setUpForm({}, { gateways: [gateway] });
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    expect(onRetryGateway).toHaveBeenCalledWith(gateway);
  });

  it.each(['gateway_unreachable', 'gateway_not_signed_in'] as const)(
    'a try that failed because of the gateway is told in one sentence: %s',
    async code => {
      const gateway = makeGateway();
      gateway.health = { ...gateway.health, ok: false, error: 'timeout' };
      const { user, onRetryGateway } = setUpForm(
        {},
        { gateways: [gateway], error: refusal(code) }
      );
      expect(screen.getByRole('alert')).toHaveTextContent(/your form is kept/i);
      expect(screen.queryByRole('note')).toBeNull();
      expect(screen.getByText('timeout')).toBeInTheDocument();
      await user.click(screen.getByRole('button', { name: 'Retry' }));
      expect(onRetryGateway).toHaveBeenCalledWith(gateway);
    }
  );

  it('forms that were kept can be opened', async () => {
    const draft = {
      ...(readExample('Draft.unsent') as Draft),
      key: 'other',
      title: 'spectra',
      updated_at: '2026-11-21T08:05:00Z'
    };
    const { user, onOpenDraft } = setUpForm({}, { drafts: [draft] });
    await user.selectOptions(
      screen.getByRole('combobox', { name: 'Kept forms' }),
      'spectra, 21 Nov, 08:05'
    );
    expect(onOpenDraft).toHaveBeenCalledWith('other');
  });
});
