namespace ModelForge;

/// <summary>What a random model is besides its shape, type and seed.</summary>
public sealed record RandomModelOptions
{
    /// <summary>ChatML: a system turn, user turns, and the assistant's answer to come.</summary>
    public const string ChatMlTemplate =
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    /// <summary><c>general.name</c>; without one it tells the shape and the seed.</summary>
    public string? Name { get; init; }

    /// <summary><c>tokenizer.chat_template</c>; null leaves the key out.</summary>
    public string? ChatTemplate { get; init; } = ChatMlTemplate;

    /// <summary>
    /// Whether the model writes characters of two, three and four bytes among its words, each byte a token of its own and the
    /// bytes of a character always in a valid order. Without it byte tokens are never sampled.
    /// </summary>
    public bool MultibyteText { get; init; }

    /// <summary>What <c>general.architecture</c> says, for tests of loaders; the tensors are those of llama whatever it says.</summary>
    public string Architecture { get; init; } = "llama";

    /// <summary>Adapters whose weights are added to the model's own.</summary>
    public IReadOnlyList<MergedLora> Merged { get; init; } = [];
}
