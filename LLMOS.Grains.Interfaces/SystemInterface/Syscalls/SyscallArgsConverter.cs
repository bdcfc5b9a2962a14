using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>The arguments of a call as JSON has them. What is no object of arguments is read too, as one that every syscall refuses.</summary>
internal sealed class SyscallArgsConverter : JsonConverter<ImmutableSortedDictionary<string, SyscallValue>>
{
    private static readonly SyscallValueConverter Values = new();

    public override ImmutableSortedDictionary<string, SyscallValue>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var args = ImmutableSortedDictionary.CreateBuilder<string, SyscallValue>(StringComparer.Ordinal);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            args[SyscallCall.Whole] = SyscallValue.NoValue(SyscallValueConverter.Sent(ref reader));
            return args.ToImmutable();
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            args[name] = reader.TokenType == JsonTokenType.Null ? null! : Values.Read(ref reader, typeof(SyscallValue), options);
        }

        return args.ToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, SyscallValue> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, argument) in value)
        {
            writer.WritePropertyName(name);
            if (argument is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                Values.Write(writer, argument, options);
            }
        }

        writer.WriteEndObject();
    }
}
