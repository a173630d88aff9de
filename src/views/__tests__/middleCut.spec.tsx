import { render, screen } from '@testing-library/react';
import * as React from 'react';

import { MiddleCut } from '../jobs/MiddleCut';

it.each(['fit', 'nights-a', 'nights-ab', 'a-name-that-has-no-room'])(
  'says all of %s, and has no empty part, which would move its line',
  text => {
    const { container } = render(<MiddleCut text={text} />);
    expect(container).toHaveTextContent(new RegExp(`^${text}$`));
    expect(screen.getByTitle(text)).toBeVisible();
    expect(container.querySelector('span:empty')).toBeNull();
  }
);
