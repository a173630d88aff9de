import { configure } from '@testing-library/dom';
import '@testing-library/jest-dom';

// What a test waits for may be late on a machine that others use; it goes on as soon as it is there.
configure({ asyncUtilTimeout: 15_000 });

// @jupyterlab/testing puts a hull in its place, for CodeMirror; user-event needs jsdom's own.
Reflect.deleteProperty(document, 'createRange');
