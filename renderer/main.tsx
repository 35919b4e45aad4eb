import { render } from 'preact';
import { App } from './app.tsx';
import { createBrowserBridge } from './bridge.ts';
import otherFonts from './generated/fonts-others.css?url';

const root = document.querySelector('#app');
if (root === null) throw new Error('The page has no #app element');
render(<App bridge={window.redress ?? createBrowserBridge()} />, root);

// Characters that only people type; nothing on the first screen waits for their rules.
requestIdleCallback(() => {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = otherFonts;
  document.head.append(link);
});
