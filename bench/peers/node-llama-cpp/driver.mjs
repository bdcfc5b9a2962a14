// Speaks lines of JSON with the benchmarks: a request on standard input, an answer on standard output, one after the other.
//   {"op": "load", "model": path, "threads": n, "sequences": n, "cells": n, "batch": n} -> {"ok": true}
//   {"op": "run", "chats": [[[token, ...], ...], ...], "tokens": n}
//     -> {"ok": true, "seconds": s, "prefilled": n, "generated": n, "first": [s, ...]}
// Each chat has a sequence of its own and asks its prompts one after the other; all chats run at once. An answer that could not be
// given is {"ok": false, "error": sentence}.
import {createInterface} from "node:readline";
import {getLlama, LlamaLogLevel} from "node-llama-cpp";

let sequences = [];

async function load({model: modelPath, threads, sequences: count, cells, batch}) {
    // Neither a download nor a build: what npm brought in is what is measured.
    const llama = await getLlama({
        gpu: false, build: "never", skipDownload: true, progressLogs: false, maxThreads: threads, logLevel: LlamaLogLevel.error
    });
    const model = await llama.loadModel({modelPath, gpuLayers: 0});
    const context = await model.createContext({
        sequences: count, contextSize: cells, batchSize: batch, threads: {ideal: threads, min: threads}
    });
    sequences = Array.from({length: count}, () => context.getSequence());
    return {};
}

async function run({chats, tokens}) {
    if (chats.length > sequences.length)
        throw new Error(`There are ${chats.length} chats and ${sequences.length} sequences: load with more.`);
    const first = [];
    let generated = 0;
    const meters = sequences.map((sequence) => sequence.tokenMeter.getState());
    const start = performance.now();
    await Promise.all(chats.map(async (prompts, chat) => {
        const sequence = sequences[chat];
        for (const prompt of prompts) {
            await sequence.clearHistory();
            const asked = performance.now();
            let count = 0;
            for await (const token of sequence.evaluate(prompt, {temperature: 0})) {
                if (count++ === 0)
                    first.push((performance.now() - asked) / 1000);
                if (count === tokens)
                    break;
            }
            generated += count;
        }
    }));
    const seconds = (performance.now() - start) / 1000;
    const prefilled = sequences.reduce((sum, sequence, i) => sum + sequence.tokenMeter.diff(meters[i]).usedInputTokens, 0);
    return {seconds, prefilled, generated, first};
}

for await (const line of createInterface({input: process.stdin})) {
    let answer;
    try {
        const request = JSON.parse(line);
        const operation = {load, run}[request.op];
        if (operation == null)
            throw new Error(`There is no operation '${request.op}': it is load or run.`);
        answer = {ok: true, ...await operation(request)};
    } catch (error) {
        answer = {ok: false, error: String(error?.message ?? error)};
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
}
process.exit(0);
