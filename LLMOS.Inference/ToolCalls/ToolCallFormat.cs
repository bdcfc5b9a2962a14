namespace LLMOS.Inference;

/// <summary>How a family of models writes calls of functions.</summary>
public enum ToolCallFormat
{
    /// <summary>It writes none.</summary>
    None,

    /// <summary>Llama 3: the answer is <c>{"name": …, "parameters": …}</c>, or follows <c>&lt;|python_tag|&gt;</c>.</summary>
    Llama3,

    /// <summary>Hermes and Qwen: JSON in <c>&lt;tool_call&gt;</c>.</summary>
    Hermes,

    /// <summary>Mistral: <c>[TOOL_CALLS]</c> and a JSON array, or a name and its arguments.</summary>
    Mistral,

    /// <summary>DeepSeek V3 and R1: tokens such as <c>&lt;｜tool▁call▁begin｜&gt;</c>.</summary>
    DeepSeek,

    /// <summary>Granite 3 and Phi-4 mini: <c>&lt;|tool_call|&gt;</c> and a JSON array.</summary>
    Granite,

    /// <summary>Phi-4: <c>functools</c> and a JSON array.</summary>
    Phi4,

    /// <summary>Gemma, Llama 4 and LFM2: calls as Python writes them, <c>[look(city="Bern")]</c>.</summary>
    Pythonic,

    /// <summary>gpt-oss: the channels of the harmony format.</summary>
    Harmony,

    /// <summary>Command R: <c>&lt;|START_ACTION|&gt;</c> and a JSON array.</summary>
    CommandR,

    /// <summary>nano: the answer is <c>{"name": …, "arguments": …}</c>, whose values are words of the request; see <see cref="SpanCallGrammar"/>.</summary>
    Bare,
}
