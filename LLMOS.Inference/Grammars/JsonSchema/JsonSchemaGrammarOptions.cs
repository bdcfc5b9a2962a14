namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>How a JSON schema becomes a grammar.</summary>
public sealed record JsonSchemaGrammarOptions
{
    private const int DeepestDepth = 256;

    /// <summary>The white space between the parts of the JSON; none by default, which costs the fewest tokens.</summary>
    public JsonWhitespace Whitespace { get; init; }

    /// <summary>
    /// Whether an object that lists properties and does not say <c>additionalProperties</c> may have others. JSON Schema says yes; the default is no,
    /// so that a model does not make up keys. An object that lists none may have any.
    /// </summary>
    public bool OpenObjects { get; init; }

    /// <summary>How deep schemas may be nested, 1 to 256. The JSON may be deeper, by references.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Most characters of the grammar; at least 1. llama.cpp is given no grammar of more than 262,144.</summary>
    public int MaxCharacters { get; init; } = 1 << 18;

    internal void Validate()
    {
        if (!Enum.IsDefined(Whitespace))
            throw Invalid($"Whitespace is {Whitespace}: it must be one of {string.Join(", ", Enum.GetNames<JsonWhitespace>())}.");
        if (MaxDepth is < 1 or > DeepestDepth)
            throw Invalid($"MaxDepth is {MaxDepth}: it must be 1 to {DeepestDepth}.");
        if (MaxCharacters < 1)
            throw Invalid($"MaxCharacters is {MaxCharacters}: it must be at least 1.");
    }

    private static LlamaException Invalid(string message) => new(LlamaError.InvalidRequest, message);
}
