using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace LLMOS.Client.VectorData;

/// <summary>Reads from attributes or a definition what a record has: a key, data that JSON has values for, and one vector of floats.</summary>
internal sealed class RecordModelBuilder() : CollectionModelBuilder(new CollectionModelBuildingOptions
{
    SupportsMultipleVectors = false,
    RequiresAtLeastOneVector = true,
})
{
    public const string VectorTypes = "ReadOnlyMemory<float>, Embedding<float>, float[]";

    private static readonly Type[] Keys = [typeof(string), typeof(Guid), typeof(int), typeof(long)];

    private static readonly Type[] Items = [typeof(string), typeof(bool), typeof(short), typeof(int), typeof(long), typeof(float), typeof(double), typeof(decimal), typeof(Guid)];

    // Times are stored as texts of one time zone, which those in lists would not be; a list of bytes is one text in JSON.
    private static readonly Type[] Scalars = [.. Items, typeof(byte), typeof(DateTime), typeof(DateTimeOffset)];

    protected override IReadOnlyList<EmbeddingGenerationDispatcher> EmbeddingGenerationDispatchers { get; } = [EmbeddingGenerationDispatcher.Create<Embedding<float>>()];

    protected override bool SupportsKeyAutoGeneration(Type keyPropertyType) => keyPropertyType == typeof(Guid);

    protected override void ValidateKeyProperty(KeyPropertyModel keyProperty)
    {
        base.ValidateKeyProperty(keyProperty);
        if (!Keys.Contains(keyProperty.Type))
        {
            throw new NotSupportedException($"The key '{keyProperty.ModelName}' is a {keyProperty.Type.Name}: a key is a string, Guid, int or long.");
        }
    }

    protected override bool IsDataPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
    {
        supportedTypes = "string, bool, byte, short, int, long, float, double, decimal, Guid, DateTime, DateTimeOffset; arrays and lists of string, bool, short, int, long, float, double, decimal, Guid";
        return type.IsArray ? Items.Contains(type.GetElementType())
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? Items.Contains(type.GetGenericArguments()[0])
            : Scalars.Contains(Nullable.GetUnderlyingType(type) ?? type);
    }

    protected override bool IsVectorPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
    {
        supportedTypes = VectorTypes;
        return (Nullable.GetUnderlyingType(type) ?? type) is var vector
            && (vector == typeof(ReadOnlyMemory<float>) || vector == typeof(Embedding<float>) || vector == typeof(float[]));
    }
}
