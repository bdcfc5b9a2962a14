using System.Reflection;
using LLMOS.SystemInterface.Syscalls;

namespace ModelForge.Corpus.Shell;

/// <summary>Reads template files: a line <c>pattern => calls</c> each, <c>@name = options</c> for lists, <c>#</c> for comments.</summary>
internal static class TemplateFile
{
    private const string Arrow = "=>";

    /// <summary>The templates of a file that is part of the program.</summary>
    /// <exception cref="TemplateException">A line is wrong.</exception>
    public static IReadOnlyList<Template> Load(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new TemplateException($"There is no template file {resource} in the program.");
        using var reader = new StreamReader(stream);
        return Parse(resource, reader.ReadToEnd());
    }

    /// <summary>The templates of a text.</summary>
    /// <exception cref="TemplateException">A line is wrong; the message names <paramref name="file"/> and the line.</exception>
    public static IReadOnlyList<Template> Parse(string file, string text)
    {
        var lists = new Dictionary<string, TemplateNode>(StringComparer.Ordinal);
        List<Template> templates = [];
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            try
            {
                if (line[0] == '@' && line.Split(' ', 3) is [_, "=", _])
                    AddList(line, lists);
                else
                    templates.Add(ParseTemplate(line, lists));
            }
            catch (FormatException wrong)
            {
                throw new TemplateException($"{file}, line {number}: {wrong.Message}: {line}", wrong);
            }
        }

        return templates;
    }

    /// <summary>The calls behind an arrow: <c>name argument=value; name argument="a value"</c>.</summary>
    /// <exception cref="FormatException">There is no such call or argument, or one has no value.</exception>
    public static IReadOnlyList<TemplateCall> ParseCalls(string text) =>
        [.. SplitOutside(text, ';').Select(call => call.Trim()).Where(call => call.Length > 0).Select(ParseCall)];

    private static void AddList(string line, Dictionary<string, TemplateNode> lists)
    {
        var parts = line.Split(' ', 3);
        var options = SplitTop(parts[2]).Select(option => new PatternParser(option.Trim(), lists).Parse()).ToArray();
        lists[parts[0][1..]] = new TemplateNode.Choice(options);
    }

    private static Template ParseTemplate(string line, Dictionary<string, TemplateNode> lists)
    {
        var arrow = line.LastIndexOf(" " + Arrow, StringComparison.Ordinal);
        if (arrow < 0)
            throw new FormatException($"there is no {Arrow}");
        var pattern = new PatternParser(line[..arrow].Trim(), lists).Parse();
        var calls = line[(arrow + Arrow.Length + 1)..].Trim();
        if (calls.StartsWith('?'))
            return new Template(pattern, [], calls[1..].Trim());
        var parsed = ParseCalls(calls);
        return parsed.Count > 0 ? new Template(pattern, parsed, null) : throw new FormatException("there is no call");
    }

    private static TemplateCall ParseCall(string text)
    {
        var words = SplitOutside(text, ' ').Where(word => word.Length > 0).ToArray();
        var definition = SyscallCatalog.Find(words[0]) ?? throw new FormatException($"there is no system call '{words[0]}'");
        List<KeyValuePair<string, string>> arguments = [];
        foreach (var word in words.Skip(1))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || definition.Find(word[..equals]) is null)
                throw new FormatException($"'{word}' is no argument of {words[0]}");
            arguments.Add(KeyValuePair.Create(word[..equals], word[(equals + 1)..].Trim('"')));
        }

        return new TemplateCall(words[0], arguments);
    }

    private static IEnumerable<string> SplitTop(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            if (text[i] != '|' || depth != 0 || i > 0 && text[i - 1] == '\\')
                continue;
            yield return text[start..i];
            start = i + 1;
        }

        yield return text[start..];
    }

    private static IEnumerable<string> SplitOutside(string text, char separator)
    {
        var (quoted, start) = (false, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                quoted = !quoted;
            if (text[i] != separator || quoted)
                continue;
            yield return text[start..i];
            start = i + 1;
        }

        yield return text[start..];
    }
}
