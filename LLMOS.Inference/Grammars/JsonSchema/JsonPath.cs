namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Writes JSON paths: <c>$.properties.age</c>, <c>$.anyOf[1]</c>, <c>$.properties["a b"]</c>.</summary>
internal static class JsonPath
{
    public const string Root = "$";

    public static string Member(string path, string name) =>
        name.Length > 0 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '$')
            ? $"{path}.{name}"
            : $"{path}[{JsonStringText.Quote(name)}]";

    public static string Item(string path, int index) => $"{path}[{index}]";
}
