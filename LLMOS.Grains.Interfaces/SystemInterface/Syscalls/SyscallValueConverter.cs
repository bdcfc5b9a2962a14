using System.Text.Json;
using System.Text.Json.Serialization;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>Values as JSON has them. What is none is read too, so that it is refused where the syscall and the argument are known, and recorded.</summary>
internal sealed class SyscallValueConverter : JsonConverter<SyscallValue>
{
    private const int LongestSent = 100;

    public override SyscallValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return SyscallValue.Of(reader.GetString()!);
            case JsonTokenType.Number:
                return reader.TryGetDecimal(out var number)
                    ? SyscallValue.Of(number)
                    : SyscallValue.NoValue(Sent(ref reader));
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
                return SyscallValue.NoValue(Sent(ref reader));
        }
    }

    /// <summary>What stands there, as it was sent, shortened.</summary>
    public static string Sent(ref Utf8JsonReader reader)
    {
        using var sent = JsonDocument.ParseValue(ref reader);
        var text = sent.RootElement.GetRawText();
        return text.Length <= LongestSent ? text : text[..LongestSent] + "…";
    }

    public override void Write(Utf8JsonWriter writer, SyscallValue value, JsonSerializerOptions options)
    {
        if ((value.Text ?? value.Unfit) is { } text)
        {
            writer.WriteStringValue(text);
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
