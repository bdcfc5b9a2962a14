using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>
/// Which vectors a search may find, by the metadata of what they are of: a JSON object each. Values are compared as JSON has them, numbers by size and
/// texts by their code points; a comparison of values of different kinds does not hold.
/// </summary>
[GenerateSerializer, Immutable, Alias("llmos.metadata-filter")]
public sealed record MetadataFilter
{
    /// <summary>The field that stands for the key of a record.</summary>
    public const string KeyField = "@key";

    /// <summary>How deep filters may lie in each other.</summary>
    public const int MaxDepth = 32;

    [Id(0)] public FilterOperator Operator { get; init; }

    /// <summary>The field of the metadata, or <see cref="KeyField"/>; empty where filters are joined.</summary>
    [Id(1)] public string Field { get; init; } = "";

    /// <summary>Texts, numbers, true, false and null, as JSON.</summary>
    [Id(2)] public ImmutableArray<string> Values { get; init; } = [];

    [Id(3)] public ImmutableArray<MetadataFilter> Operands { get; init; } = [];

    public static MetadataFilter And(params ImmutableArray<MetadataFilter> operands) => new() { Operator = FilterOperator.And, Operands = operands };

    public static MetadataFilter Or(params ImmutableArray<MetadataFilter> operands) => new() { Operator = FilterOperator.Or, Operands = operands };

    public static MetadataFilter Not(MetadataFilter operand) => new() { Operator = FilterOperator.Not, Operands = [operand] };

    public static MetadataFilter Equal(string field, object? value) => In(field, value);

    /// <summary>The field is one of some values.</summary>
    /// <exception cref="LlmosException">One is no text, number, boolean or null.</exception>
    public static MetadataFilter In(string field, params object?[] values) => Compare(FilterOperator.In, field, values);

    /// <summary>The field is a list with one of some values.</summary>
    /// <exception cref="LlmosException">One is no text, number, boolean or null.</exception>
    public static MetadataFilter Contains(string field, params object?[] values) => Compare(FilterOperator.Contains, field, values);

    /// <summary>The field stands so to a value.</summary>
    /// <exception cref="LlmosException">The value is no text, number, boolean or null.</exception>
    public static MetadataFilter Compare(FilterOperator compare, string field, params object?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new MetadataFilter { Operator = compare, Field = field, Values = [.. values.Select(Json)] };
    }

    private static string Json(object? value) => value switch
    {
        null => "null",
        true => "true",
        false => "false",
        string text => JsonSerializer.Serialize(text, FilterJson.Default.String),
        Guid id => JsonSerializer.Serialize(id.ToString(), FilterJson.Default.String),
        DateTimeOffset moment => JsonSerializer.Serialize(moment.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture), FilterJson.Default.String),
        DateTime moment => JsonSerializer.Serialize(moment.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture), FilterJson.Default.String),
        double number when double.IsFinite(number) => number.ToString("R", CultureInfo.InvariantCulture),
        float number when float.IsFinite(number) => number.ToString("R", CultureInfo.InvariantCulture),
        byte or sbyte or short or ushort or int or uint or long or ulong or decimal => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ => throw LlmosException.InvalidArgument($"A {value.GetType().Name} is nothing that metadata are compared with: use a text, a finite number, true, false or null."),
    };
}
