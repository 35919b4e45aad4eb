import { render } from 'preact';
import { App } from './app.tsx';
import { createBrowserBridge } from './bridge.ts';

const root = document.querySelector('#app');
if (root === null) throw new Error('The page has no #app element');
render(<App bridge={createBrowserBridge()} />, root);
