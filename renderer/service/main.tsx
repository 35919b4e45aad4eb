import { render } from 'preact';
import { createBrowserBridge } from '../bridge.ts';
import { ServicePage } from './service-page.tsx';

const root = document.querySelector('#app');
if (root === null) throw new Error('The page has no #app element');
render(<ServicePage api={(window.redress ?? createBrowserBridge()).api} />, root);
