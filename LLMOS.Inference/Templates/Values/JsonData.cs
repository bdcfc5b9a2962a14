using System.Globalization;
using System.Text.Json;

namespace LLMOS.Inference.Templates.Values;

/// <summary>JSON that comes with a chat as values whose texts are data.</summary>
internal static class JsonData
{
    public static Value Of(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new MapValue();
                foreach (var property in element.EnumerateObject())
                    map.Set(Text(property.Name), Of(property.Value));
                return map;
            case JsonValueKind.Array:
                return new ListValue([.. element.EnumerateArray().Select(Of)]);
            case JsonValueKind.String:
                return Text(element.GetString()!);
            case JsonValueKind.Number:
                return Int128.TryParse(element.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                    ? new IntegerValue(integer)
                    : new FloatValue(element.GetDouble());
            case JsonValueKind.True or JsonValueKind.False:
                return BooleanValue.Of(element.ValueKind == JsonValueKind.True);
            default:
                return NoneValue.Instance;
        }
    }

    /// <summary>A text of the chat. A zero would end it for C, so it becomes the replacement character.</summary>
    public static TextValue Text(string text) => TextValue.OfData(text.Replace('\0', '\uFFFD'));
}
