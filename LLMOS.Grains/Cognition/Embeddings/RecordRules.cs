using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using LLMOS.Kernel.Memory.Indexing;

namespace LLMOS.Cognition.Embeddings;

/// <summary>What collections, records and queries must be.</summary>
internal static class RecordRules
{
    public const int MaxDimension = 8_192;
    private const int MaxName = 128;
    private const int MaxKey = 512;
    private const int MaxText = 1_000_000;
    private const int MaxMetadata = 64 * 1024;
    private const int MaxComparisons = 5_000;
    private const int Shown = 60;

    /// <exception cref="LlmosException">It is no name.</exception>
    public static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/') || !char.IsAsciiLetterOrDigit(name[0]))
        {
            throw LlmosException.InvalidArgument($"'{Short(name)}' is no name of a collection: use 1 to {MaxName} letters, digits, dots, dashes, underscores and slashes, the first a letter or digit.");
        }
    }

    /// <exception cref="LlmosException">A record's key, text or metadata are wrong.</exception>
    public static void Check(EmbeddingRecord record, int number)
    {
        if (string.IsNullOrEmpty(record.Key) || record.Key.Length > MaxKey || !IsText(record.Key))
        {
            throw LlmosException.InvalidArgument($"Record {number} has the key '{Short(record.Key)}': a key has 1 to {MaxKey} characters, all of them Unicode and none of them zero.");
        }

        if (record.Text.Length > MaxText || !IsText(record.Text))
        {
            throw LlmosException.InvalidArgument($"The text of the record '{Short(record.Key)}' has {record.Text.Length} characters, or some that are no Unicode text: it may have {MaxText}; cut it into several records.");
        }

        CheckMetadata(record);
    }

    /// <exception cref="LlmosException">A vector has another length, or a float that is no number.</exception>
    public static void CheckVector(ReadOnlySpan<float> vector, CollectionInfo collection, string whose)
    {
        if (vector.Length != collection.Dimension)
        {
            throw LlmosException.InvalidArgument(
                $"The vector of {whose} has {vector.Length} floats, and those of the collection '{collection.Name}' ({collection.Embedder}) have {collection.Dimension}: "
                + "use what made the others, or write all records into a new collection of that dimension.");
        }

        for (var i = 0; i < vector.Length; i++)
        {
            if (!float.IsFinite(vector[i]))
            {
                throw LlmosException.InvalidArgument(string.Create(
                    CultureInfo.InvariantCulture, $"The vector of {whose} has {vector[i]} at {i}, which is near to nothing: every float has to be a finite number."));
            }
        }
    }

    /// <summary>A vector as a collection keeps it.</summary>
    public static float[] Kept(ReadOnlySpan<float> vector, EmbeddingDistance distance)
    {
        var kept = vector.ToArray();
        if (distance == EmbeddingDistance.Cosine)
        {
            // In two steps, so that squares of very large or small floats neither overflow nor vanish.
            var largest = kept.Length == 0 ? 0 : MathF.Abs(TensorPrimitives.MaxMagnitude<float>(kept));
            if (largest > 0)
            {
                TensorPrimitives.Divide(kept, largest, kept);
                TensorPrimitives.Divide(kept, TensorPrimitives.Norm<float>(kept), kept);
            }
        }

        return kept;
    }

    /// <exception cref="LlmosException">The filter lies too deep, or has no field, value or operand where it wants one.</exception>
    public static void Check(MetadataFilter? filter, int depth = 0)
    {
        if (filter is null)
        {
            return;
        }

        if (depth > MetadataFilter.MaxDepth)
        {
            throw LlmosException.InvalidArgument($"The filter lies more than {MetadataFilter.MaxDepth} deep: make it flatter.");
        }

        var isJoint = filter.Operator is FilterOperator.And or FilterOperator.Or or FilterOperator.Not;
        if (isJoint ? filter.Operands.IsDefaultOrEmpty || (filter.Operator == FilterOperator.Not && filter.Operands.Length != 1) : filter.Field.Length == 0 || filter.Values.IsDefaultOrEmpty)
        {
            throw LlmosException.InvalidArgument(isJoint
                ? $"A filter of {filter.Operator} has {(filter.Operands.IsDefault ? 0 : filter.Operands.Length)} operands: give it {(filter.Operator == FilterOperator.Not ? "one" : "at least one")}."
                : $"A filter of {filter.Operator} wants a field and a value, and has '{Short(filter.Field)}' and {(filter.Values.IsDefault ? 0 : filter.Values.Length)} values.");
        }

        foreach (var operand in isJoint ? filter.Operands : [])
        {
            Check(operand, depth + 1);
        }

        if (depth == 0 && Comparisons(filter) > MaxComparisons)
        {
            throw LlmosException.InvalidArgument($"The filter has more than {MaxComparisons} comparisons: ask in parts, or compare one field with a list of values, which may be as long as it is.");
        }
    }

    /// <summary>Values that are looked for in one field are one comparison; of other comparisons each has one.</summary>
    private static int Comparisons(MetadataFilter filter) => filter.Operands.IsDefaultOrEmpty
        ? filter.Operator is FilterOperator.In or FilterOperator.Contains || filter.Values.IsDefaultOrEmpty ? 1 : filter.Values.Length
        : filter.Operands.Sum(Comparisons);

    public static string Short(string? text) => text is null ? "" : text.Length <= Shown ? text : text[..Shown] + "…";

    private static void CheckMetadata(EmbeddingRecord record)
    {
        try
        {
            if (Encoding.UTF8.GetByteCount(record.Metadata) <= MaxMetadata && JsonElement.Parse(record.Metadata).ValueKind == JsonValueKind.Object)
            {
                return;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw LlmosException.InvalidArgument($"The metadata of the record '{Short(record.Key)}' are '{Short(record.Metadata)}': use a JSON object of up to {MaxMetadata / 1024} KiB.");
    }

    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i]))))
            {
                return false;
            }
        }

        return true;
    }
}
