import { Notification } from '@jupyterlab/apputils';

/** So long something is shown that was told; then it is among the notifications. */
const NOTICE_MS = 8_000;

/** Tell something where it is seen at once, and found later: by itself JupyterLab only keeps it. */
export function tell(
  tone: 'info' | 'success' | 'warning' | 'error',
  text: string,
  actions: Notification.IAction[] = []
): void {
  Notification.emit(text, tone, { autoClose: NOTICE_MS, actions });
}
