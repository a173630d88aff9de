import type { Page } from '@playwright/test';

/** What a server is told so that its pages have their application where tests find it. */
export const EXPOSED = 'c.LabApp.expose_app_in_browser = True';

interface IExposed {
  jupyterapp: {
    commands: { execute(id: string, args: object): Promise<unknown> };
  };
}

/** Run a command by its id, whatever language the page speaks. */
export async function execute(
  page: Page,
  id: string,
  args: object = {}
): Promise<void> {
  await page.evaluate(
    async given => {
      const { commands } = (window as unknown as IExposed).jupyterapp;
      await commands.execute(given.id, given.args);
    },
    { id, args }
  );
}
