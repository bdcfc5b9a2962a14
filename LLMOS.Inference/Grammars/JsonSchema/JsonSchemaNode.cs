using System.Text.Json;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>One schema, read and checked, with what is in it.</summary>
internal sealed record JsonSchemaNode
{
    /// <summary>Where it is in the document, as a JSON path.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is the schema <c>false</c>, which nothing fits.</summary>
    public bool IsNever { get; init; }

    /// <summary>The types that it names; null when it names none.</summary>
    public JsonSchemaTypes? Types { get; init; }

    /// <summary>A local reference, such as <c>#/$defs/node</c>.</summary>
    public string? Reference { get; init; }

    public IReadOnlyList<JsonSchemaNode> AllOf { get; init; } = Array.Empty<JsonSchemaNode>();

    /// <summary>The alternatives of anyOf or oneOf; null when it has none of the two.</summary>
    public IReadOnlyList<JsonSchemaNode>? AnyOf { get; init; }

    /// <summary>The values of enum or const; null when it has none of the two.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }

    /// <summary>In the order of the document; null when it lists none.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonSchemaNode>>? Properties { get; init; }

    public IReadOnlyList<string> Required { get; init; } = Array.Empty<string>();

    public JsonSchemaNode? AdditionalProperties { get; init; }

    public JsonSchemaNode? Items { get; init; }

    public IReadOnlyList<JsonSchemaNode>? PrefixItems { get; init; }

    public int? MinItems { get; init; }

    public int? MaxItems { get; init; }

    /// <summary>In characters, as Unicode scalar values.</summary>
    public int? MinLength { get; init; }

    /// <summary>In characters, as Unicode scalar values.</summary>
    public int? MaxLength { get; init; }

    public string? Pattern { get; init; }

    public string? Format { get; init; }

    public JsonBound? Minimum { get; init; }

    public JsonBound? Maximum { get; init; }

    public bool LimitsObjects => Properties is not null || Required.Count > 0 || AdditionalProperties is not null;

    public bool LimitsArrays => Items is not null || PrefixItems is not null || MinItems is not null || MaxItems is not null;

    public bool LimitsStrings => MinLength is not null || MaxLength is not null || Pattern is not null || Format is not null;

    public bool LimitsNumbers => Minimum is not null || Maximum is not null;

    /// <summary>Whether it says anything beside where its alternatives, its parts or what it refers to are.</summary>
    public bool HasLimits => IsNever || Types is not null || Values is not null || LimitsObjects || LimitsArrays || LimitsStrings || LimitsNumbers;
}
