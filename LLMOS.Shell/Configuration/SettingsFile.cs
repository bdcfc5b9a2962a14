using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using LLMOS.Silo;
using Microsoft.Extensions.Configuration;

namespace LLMOS.Shell.Configuration;

/// <summary>The configuration file of a data folder, <c>llmos.json</c>: read, changed and written, with a change that no silo would start with refused.</summary>
internal sealed class SettingsFile(string folder)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public string Path { get; } = System.IO.Path.Combine(folder, SiloConfiguration.FileName);

    /// <summary>Sets an option.</summary>
    /// <exception cref="LlmosException">The value is wrong, or the file cannot be read or written.</exception>
    public void Set(string name, string value) => Change(name, root =>
    {
        var parts = name.Split(':');
        var section = root;
        foreach (var part in parts[..^1])
        {
            if (KeyOf(section, part) is { } known && section[known] is JsonObject inner)
            {
                section = inner;
                continue;
            }

            // A scalar in the place of a section says nothing that a silo reads.
            section.Remove(KeyOf(section, part) ?? part);
            var made = new JsonObject();
            section[part] = made;
            section = made;
        }

        section[KeyOf(section, parts[^1]) ?? parts[^1]] = value;
        return true;
    });

    /// <summary>Takes an option out.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="LlmosException">The file cannot be read or written.</exception>
    public bool Unset(string name) => Change(name, root =>
    {
        var path = new List<(JsonObject Section, string Key)>();
        var section = root;
        foreach (var part in name.Split(':'))
        {
            if (section is null || KeyOf(section, part) is not { } key)
            {
                return false;
            }

            path.Add((section, key));
            section = section[key] as JsonObject;
        }

        // The option, and the sections that are empty without it.
        for (var i = path.Count - 1; i >= 0 && (i == path.Count - 1 || path[i].Section[path[i].Key] is JsonObject { Count: 0 }); i--)
        {
            path[i].Section.Remove(path[i].Key);
        }

        return true;
    });

    private bool Change(string name, Func<JsonObject, bool> change)
    {
        try
        {
            var before = File.Exists(Path) ? File.ReadAllText(Path) : "{}";
            var root = JsonNode.Parse(before, documentOptions: Lenient) as JsonObject ?? throw new JsonException("it is no object");
            if (!change(root))
            {
                return false;
            }

            var text = root.ToJsonString(Readable) + "\n";
            Check(name, text);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            var unfinished = Path + ".new";
            File.WriteAllText(unfinished, text);
            File.Move(unfinished, Path, overwrite: true);
            return true;
        }
        catch (JsonException wrong)
        {
            throw LlmosException.InvalidArgument($"'{Path}' is no configuration ({wrong.Message.TrimEnd('.')}): correct the file, or take it away.");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new LlmosException(LlmosErrorCode.FailedPrecondition, $"'{Path}' cannot be written ({failed.Message.TrimEnd('.')}): make it writable, or name another folder with --data.", failed);
        }
    }

    private static void Check(string name, string text)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        try
        {
            SiloConfiguration.Apply(new ConfigurationBuilder().AddJsonStream(stream).Build(), new LlmosSiloOptions());
        }
        catch (LlmosException wrong)
        {
            throw LlmosException.InvalidArgument($"{wrong.Message} {name} was left as it is.");
        }
    }

    private static string? KeyOf(JsonObject section, string name) => section.Select(pair => pair.Key).FirstOrDefault(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase));
}
