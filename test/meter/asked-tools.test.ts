import { describe, expect, it } from 'vitest';
import { chatTools, keyedTools, typedTools, wordOf } from '../../src/meter/asked-tools.js';

const LOCAL = /^(function|custom)$/;

describe('a name to be repeated', () => {
  it.each([
    ['web_search_20250305', 'web_search_20250305'],
    ['googleMaps', 'google_maps'],
    [' ULTRAFAST ', 'ultrafast'],
    ['openrouter:web_search', 'openrouter:web_search'],
    ['gpt-image-2.6-sunburst', 'gpt-image-2.6-sunburst'],
  ])('is %j as %j', (name, word) => {
    expect(wordOf(name)).toBe(word);
  });

  it.each([
    ...['sk-Abc123Def456Ghi789', 'AIzaSyD-1234567890abcdefghijklmnop', 'my secret words', '', '<b>', 'a\nb'],
    ...['x'.repeat(300), 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
  ])('is not %j', (name) => {
    expect(wordOf(name)).toBe('of another name');
  });
});

describe('the tools of a request', () => {
  it.each([
    [undefined, []],
    ['web_search', []],
    [[null, 7, 'x', [], {}], []],
    [[{ type: 7 }, { type: 'function' }, { type: 'shell' }, { type: 'shell', environment: { type: 'local' } }], []],
    [[{ type: 'web_search' }], [{ name: 'web_search' }]],
    [[{ type: 'web_search_20250305', max_uses: 3 }], [{ name: 'web_search_20250305', most: 3 }]],
    [[{ type: 'code_interpreter', container: 'cntr_1' }], [{ name: 'code_interpreter:1g' }]],
    [[{ type: 'code_interpreter', container: { memory_limit: '4g' } }], [{ name: 'code_interpreter:4g' }]],
    [[{ type: 'code_interpreter' }], [{ name: 'code_interpreter' }]],
    [[{ type: 'shell', environment: { type: 'container_auto' } }], [{ name: 'shell:1g' }]],
    [[{ type: 'image_generation', model: 'gpt-image-2' }], [{ name: 'image_generation', model: 'gpt-image-2' }]],
  ])('of %j are %j', (tools, asked) => {
    expect(typedTools(tools, LOCAL)).toEqual(asked);
  });

  it('are used no more often than the request allows all of them', () => {
    expect(typedTools([{ type: 'web_search' }], LOCAL, 2)).toEqual([{ name: 'web_search', most: 2 }]);
  });

  it.each([
    [{ googleSearch: {} }, [{ name: 'google_search' }]],
    [[{ google_search: {}, googleMaps: {} }], [{ name: 'google_search' }, { name: 'google_maps' }]],
    [[{ functionDeclarations: [] }, { googleMaps: null }], []],
    ['x', []],
  ])('told by their members: %j are %j', (tools, asked) => {
    expect(keyedTools(tools, new Set(['functionDeclarations']))).toEqual(asked);
  });

  it.each([
    [{ model: 'gpt-4o' }, []],
    [{ model: 'gpt-4o-search-preview', n: 2 }, [{ name: 'search_model', most: 2 }]],
    [{ model: 'gpt-4o-search-preview', web_search_options: {} }, [{ name: 'search_model', most: 1 }]],
    [{ model: 'sonar', web_search_options: {} }, [{ name: 'web_search' }]],
    [{ model: 'grok-3', search_parameters: {} }, [{ name: 'live_search' }]],
    [{ model: 'grok-3', search_parameters: { mode: 'on', max_search_results: 4 } }, [{ name: 'live_search', most: 4 }]],
    [{ model: 'grok-3', search_parameters: { mode: 'off' } }, []],
    [{ model: 'a/b', plugins: [{ id: 'web', max_results: 3 }] }, [{ name: 'plugin:web', most: 3 }]],
    [{ model: 'a/b:online' }, [{ name: 'plugin:web', most: 5 }]],
    [{ model: 'a/b:online', plugins: [{ id: 'web' }] }, [{ name: 'plugin:web', most: 5 }]],
    [{ model: 'a/b', plugins: [{ id: 'web', enabled: false }] }, []],
    [{ model: 'groq/compound' }, [{ name: 'web_search' }, { name: 'code_interpreter' }, { name: 'visit_website' }]],
    [
      { model: 'groq/compound', compound_custom: { tools: { enabled_tools: ['web_search'] } } },
      [{ name: 'web_search' }],
    ],
  ])('of a chat: %j are %j', (body, asked) => {
    expect(chatTools(body, LOCAL)).toEqual(asked);
  });
});
