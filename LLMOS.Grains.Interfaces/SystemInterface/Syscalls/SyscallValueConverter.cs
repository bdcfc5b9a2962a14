using System.Text.Json;
using System.Text.Json.Serialization;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>Values as JSON has them.</summary>
internal sealed class SyscallValueConverter : JsonConverter<SyscallValue>
{
    public override SyscallValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return SyscallValue.Of(reader.GetString()!);
            case JsonTokenType.Number:
                return reader.TryGetDecimal(out var number)
                    ? SyscallValue.Of(number)
                    : throw new JsonException("A number of a syscall is too large.");
            case JsonTokenType.True or JsonTokenType.False:
                return SyscallValue.Of(reader.GetBoolean());
            case JsonTokenType.StartArray:
                var items = new List<SyscallValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader, typeToConvert, options));
                }

                return SyscallValue.Of(items);
            default:
                throw new JsonException($"An argument of a syscall is text, a number, true, false or a list of these, not {reader.TokenType}.");
        }
    }

    public override void Write(Utf8JsonWriter writer, SyscallValue value, JsonSerializerOptions options)
    {
        if (value.Text is not null)
        {
            writer.WriteStringValue(value.Text);
        }
        else if (value.Number is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else if (value.Flag is { } flag)
        {
            writer.WriteBooleanValue(flag);
        }
        else
        {
            writer.WriteStartArray();
            foreach (var item in value.Items)
            {
                Write(writer, item, options);
            }

            writer.WriteEndArray();
        }
    }
}
