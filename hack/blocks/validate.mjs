// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0
//
// Reads files of block markup with the block editor's own parser, and fails on
// each block that the editor would call invalid or would not know.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';

// The editor's packages expect a browser.
const { window } = new JSDOM('<!doctype html><body></body>', { url: 'http://localhost/', pretendToBeVisual: true });
class Observer {
	observe() {}
	unobserve() {}
	disconnect() {}
}
Object.assign(window, {
	matchMedia: () => ({ matches: false, addListener() {}, removeListener() {}, addEventListener() {}, removeEventListener() {} }),
	ResizeObserver: Observer,
	IntersectionObserver: Observer,
	CSS: { escape: String, supports: () => false },
});
for (const name of Object.getOwnPropertyNames(window)) {
	if (!(name in globalThis)) {
		globalThis[name] = window[name];
	}
}
Object.defineProperty(globalThis, 'navigator', { value: window.navigator, configurable: true });
// What the parser says about an invalid block is printed below, in one line.
for (const level of ['error', 'warn', 'info']) {
	console[level] = () => {};
}

const require = createRequire(import.meta.url);
const { registerCoreBlocks } = require('@wordpress/block-library');
const { parse } = require('@wordpress/blocks');
registerCoreBlocks();

const flatten = (blocks) => blocks.flatMap((block) => [block, ...flatten(block.innerBlocks)]);

let bad = 0;
for (const file of process.argv.slice(2)) {
	const blocks = flatten(parse(readFileSync(file, 'utf8')));
	for (const block of blocks) {
		if (!block.isValid || ['core/missing', 'core/freeform'].includes(block.name)) {
			bad++;
			console.log(`${file}: ${block.name} is not valid: ${block.originalContent}`);
		}
	}
	console.log(`${file}: ${blocks.length} blocks of ${new Set(blocks.map((block) => block.name)).size} kinds`);
}
process.exit(bad > 0 ? 1 : 0);
