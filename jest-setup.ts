import '@testing-library/jest-dom';

// @jupyterlab/testing puts a hull in its place, for CodeMirror; user-event needs jsdom's own.
Reflect.deleteProperty(document, 'createRange');
