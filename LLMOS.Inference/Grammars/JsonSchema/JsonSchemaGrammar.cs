using System.Text.Json;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>
/// Turns JSON schemas into GBNF grammars. All that a grammar lets through fits the schema, and the same schema always gives the same grammar.
/// </summary>
/// <remarks>
/// <para>
/// Taken: the subset of OpenAI's strict mode and what is near it. <c>type</c> (also a list), <c>properties</c>, <c>required</c>,
/// <c>additionalProperties</c>, <c>items</c>, <c>prefixItems</c>, <c>minItems</c>, <c>maxItems</c>, <c>minLength</c>, <c>maxLength</c>,
/// <c>pattern</c>, <c>format</c> (date, time, date-time, uuid), <c>minimum</c>, <c>maximum</c> and their exclusive forms, <c>enum</c>, <c>const</c>,
/// <c>anyOf</c>, <c>oneOf</c> (taken as <c>anyOf</c>), <c>allOf</c> where its parts can be merged, and local <c>$ref</c>, also recursive.
/// Annotations are passed over. Anything else is refused with its JSON path.
/// </para>
/// <para>
/// Not all that fits is let through: properties come in the order of the schema, numbers have at most 18 digits before their point and, when they
/// are bounded, no exponent and few digits after it; characters that a pattern or a key may have are escaped in one way.
/// A key that is listed nowhere may come twice.
/// </para>
/// </remarks>
public static class JsonSchemaGrammar
{
    /// <summary>The rule that a grammar begins with.</summary>
    public const string Root = GbnfWriter.Root;

    /// <summary>How deep the JSON of a schema may be nested: a schema in it takes two levels, as in properties, so this is more than the deepest <see cref="JsonSchemaGrammarOptions.MaxDepth"/>.</summary>
    private const int DeepestJson = 1024;

    /// <summary>The grammar of a schema. Its first rule is <c>root</c>.</summary>
    /// <param name="schema">An object, true or false.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="LlamaException">The schema is outside the subset or too large, nothing fits it, or an option is out of range.</exception>
    public static string Convert(JsonElement schema, JsonSchemaGrammarOptions? options = null)
    {
        options ??= new JsonSchemaGrammarOptions();
        options.Validate();
        try
        {
            var emitter = new JsonSchemaEmitter(schema, options);
            var grammar = emitter.Emit();
            RequireEnd(grammar, emitter);
            return grammar;
        }
        catch (InvalidOperationException exception)
        {
            throw new LlamaException(LlamaError.SchemaInvalid, "The JSON schema has a text that is not valid Unicode, such as half of a surrogate pair: correct it.", exception);
        }
    }

    /// <summary>The grammar of a schema. Its first rule is <c>root</c>.</summary>
    /// <param name="schema">The schema as JSON text.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="LlamaException">The text is not JSON, the schema is outside the subset or too large, nothing fits it, or an option is out of range.</exception>
    public static string Convert(string schema, JsonSchemaGrammarOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        try
        {
            using var document = JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = DeepestJson });
            return Convert(document.RootElement, options);
        }
        catch (JsonException exception)
        {
            throw new LlamaException(
                LlamaError.SchemaInvalid,
                $"The JSON schema is not JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}, or nested deeper than {DeepestJson} there: correct it.",
                exception);
        }
    }

    /// <summary>A schema may need itself again and again, such as a node that must have a next node.</summary>
    private static void RequireEnd(string grammar, JsonSchemaEmitter emitter)
    {
        var parsed = GbnfGrammar.Parse(grammar);
        var endless = parsed.EndlessRules();
        if (parsed.Rules.Keys.LastOrDefault(endless.Contains) is { } rule)
            throw SchemaError.At(emitter.PathOf(rule), "what fits here never ends, since it needs itself again and again: make a property optional, or allow null");
    }
}
