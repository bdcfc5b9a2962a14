// OpenAI's own package for Node against a running silo: node --test, with the silo's address in LLMOS_ADDRESS.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI, { BadRequestError, NotFoundError } from 'openai';

const openai = new OpenAI({ apiKey: 'none', baseURL: new URL('v1', process.env.LLMOS_ADDRESS).href, maxRetries: 0 });
const model = 'tools';
const messages = [{ role: 'user', content: 'Hello there.' }];
const schema = {
  type: 'object',
  properties: { n: { type: 'integer', minimum: 0, maximum: 9 }, ok: { type: 'boolean' } },
  required: ['n', 'ok'],
  additionalProperties: false,
};

test('models are listed and shown', async () => {
  const names = [];
  for await (const found of openai.models.list()) names.push(found.id);
  assert.ok(names.includes(model));
  assert.equal((await openai.models.retrieve(model)).object, 'model');
});

test('a chat is answered', async () => {
  const answer = await openai.chat.completions.create({ model, messages, max_tokens: 6, seed: 1 });
  assert.match(answer.id, /^chatcmpl-/);
  assert.equal(answer.choices[0].finish_reason, 'length');
  assert.equal(answer.usage.completion_tokens, 6);
});

test('the stream helper gathers what a request without a stream says', async () => {
  const body = { model, messages, max_tokens: 12, seed: 3 };
  const whole = await openai.chat.completions.create(body);
  const stream = openai.chat.completions.stream({ ...body, stream_options: { include_usage: true } });
  let text = '';
  stream.on('content', delta => { text += delta; });
  const gathered = await stream.finalChatCompletion();
  assert.equal(text, whole.choices[0].message.content);
  assert.equal(gathered.choices[0].message.content, text);
  assert.equal(gathered.usage.completion_tokens, 12);
});

test('a schema is held, and the parse helper reads it', async () => {
  const answer = await openai.chat.completions.parse({
    model, messages, seed: 5, max_tokens: 200,
    response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
  });
  const parsed = JSON.parse(answer.choices[0].message.content);
  assert.ok(parsed.n >= 0 && parsed.n <= 9);
  assert.equal(typeof parsed.ok, 'boolean');
});

test('the tool runner runs functions and goes on with their results', async () => {
  const places = [];
  const runner = openai.chat.completions.runTools({
    model, messages: [{ role: 'user', content: 'Look.' }], seed: 7, max_tokens: 200,
    tool_choice: { type: 'function', function: { name: 'look' } },
    tools: [{
      type: 'function',
      function: {
        name: 'look', description: 'Looks something up.', parse: JSON.parse,
        parameters: { type: 'object', properties: { place: { enum: ['here', 'there'] } }, required: ['place'], additionalProperties: false },
        function: ({ place }) => { places.push(place); return `found ${place}`; },
      },
    }],
  }, { maxChatCompletions: 2 });
  await runner.done();
  assert.equal(places.length, 1);
  assert.ok(['here', 'there'].includes(places[0]));
  assert.equal(runner.messages.at(-1).role, 'tool');
  assert.equal(runner.messages.at(-1).content, `found ${places[0]}`);
  const { tool_calls: calls } = runner.messages.at(-2);
  const next = await openai.chat.completions.create({ model, messages: runner.messages, max_tokens: 4 });
  assert.equal(calls[0].function.name, 'look');
  assert.equal(next.choices[0].finish_reason, 'length');
});

test('texts are completed, several at once, with an echo and with likelihoods', async () => {
  const body = { model, prompt: ['Once upon', 'Twice'], max_tokens: 5, seed: 2, echo: true, logprobs: 2 };
  const whole = await openai.completions.create(body);
  assert.equal(whole.object, 'text_completion');
  assert.deepEqual(whole.choices.map(choice => choice.index), [0, 1]);
  assert.ok(whole.choices[0].text.startsWith('Once upon'));
  assert.equal(whole.choices[0].logprobs.tokens.length, 5);
  assert.equal(whole.usage.completion_tokens, 10);
  const texts = ['', ''];
  let usage;
  for await (const piece of await openai.completions.create({ ...body, logprobs: undefined, stream: true, stream_options: { include_usage: true } })) {
    for (const choice of piece.choices) texts[choice.index] += choice.text;
    usage = piece.usage ?? usage;
  }
  assert.deepEqual(texts, whole.choices.map(choice => choice.text));
  assert.deepEqual(usage.completion_tokens, 10);
});

test('vectors come as numbers, of fewer dimensions where that is asked', async () => {
  const whole = await openai.embeddings.create({ model, input: ['one', 'two'] });
  assert.equal(whole.data.length, 2);
  const short = await openai.embeddings.create({ model, input: 'one', dimensions: 16 });
  assert.equal(short.data[0].embedding.length, 16);
  const norm = Math.hypot(...short.data[0].embedding);
  assert.ok(Math.abs(norm - 1) < 1e-4, `${norm}`);
  const ratio = whole.data[0].embedding[0] / short.data[0].embedding[0];
  assert.ok(Math.abs(whole.data[0].embedding[1] / short.data[0].embedding[1] - ratio) < 1e-3);
});

test('errors are those that the package knows', async () => {
  await assert.rejects(openai.chat.completions.create({ model: 'nothing', messages }), error =>
    error instanceof NotFoundError && error.code === 'model_not_found' && error.message.includes(model));
  await assert.rejects(openai.chat.completions.create({ model, messages, temperature: 9 }), error =>
    error instanceof BadRequestError && error.param === 'temperature');
  await assert.rejects(openai.completions.create({ model, prompt: 'x', suffix: 'y' }), error => error instanceof BadRequestError && error.param === 'suffix');
});

test('an abort ends the stream', async () => {
  const stream = await openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Speak for ever.' }], max_tokens: 3000, stream: true });
  let pieces = 0;
  for await (const piece of stream) {
    assert.equal(piece.object, 'chat.completion.chunk');
    if (++pieces === 3) stream.controller.abort();
  }
  assert.ok(pieces < 100, `${pieces}`);
});
