using System.Text;
using CsCheck;
using LLMOS.Inference.Templates;

namespace LLMOS.Inference.Tests.Templates;

/// <summary>Whatever a template is, it renders or is refused with a sentence; it neither crashes nor hangs.</summary>
public sealed class TemplateFuzzTests
{
    private static readonly TemplateLimits Small = new() { Steps = 200_000, AllCharacters = 1 << 20, TextCharacters = 1 << 16, Iterations = 10_000 };

    private static readonly string[] Words =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "{{-", "-}}", "{%-", "-%}", "{%+", "+%}", " ", "\n", "if", "elif", "else", "endif", "for", "in", "endfor", "set", "endset", "macro", "endmacro", "call",
        "endcall", "filter", "endfilter", "with", "endwith", "raw", "endraw", "generation", "endgeneration", "break", "continue", "recursive", "is", "not", "and", "or", "none", "true", "'a'", "'%s'", "\"b", "0", "1",
        "-1", "2.5", "1e9", "99999999999999999999", "(", ")", "[", "]", "{", "}", ":", ",", ".", "|", "~", "+", "-", "*", "**", "/", "//", "%", "=", "==", "<", ">=", "name", "text", "emoji", "items", "nums", "user",
        "users", "nested", "loop", "namespace", "range", "dict", "raise_exception", "strftime_now", "defined", "string", "eq", "split", "get", "items", "keys", "replace", "find", "join", "length", "tojson", "map", "select",
        "selectattr", "sort", "unique", "groupby", "batch", "indent", "first", "last", "default", "trim", "upper", "title", "format", "truncate", "center", "round", "int", "attribute=", "x", "y",
    ];

    [Fact]
    public void Random_characters_do_no_harm() =>
        Gen.Char.Array[0, 200].Sample(characters => Survives(new string(characters)), iter: 2000, seed: "0000000000000", threads: 1);

    [Fact]
    public void Random_words_do_no_harm() =>
        Gen.Int[0, Words.Length - 1].Array[1, 40].Sample(words => Survives(string.Join(" ", words.Select(word => Words[word]))), iter: 5000, seed: "0000000000000", threads: 1);

    [Fact]
    public void Random_expressions_do_no_harm() =>
        Gen.Int[0, Words.Length - 1].Array[1, 12].Sample(words => Survives("{{ " + string.Join(" ", words.Select(word => Words[word])) + " }}"), iter: 10_000, seed: "0000000000000", threads: 1);

    [Fact]
    public void Damaged_templates_of_models_do_no_harm()
    {
        var random = new Random(7);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Templates", "Fixtures")))
        {
            var source = File.ReadAllText(file);
            for (var round = 0; round < 60; round++)
            {
                var damaged = new StringBuilder(source);
                for (var i = 0; i < 3; i++)
                {
                    var at = random.Next(damaged.Length);
                    if (random.Next(2) == 0)
                        damaged.Remove(at, Math.Min(random.Next(1, 30), damaged.Length - at));
                    else
                        damaged.Insert(at, Words[random.Next(Words.Length)]);
                }
                Survives(damaged.ToString());
            }
        }
    }

    private static bool Survives(string template)
    {
        try
        {
            _ = Jinja.RenderText(template, Small);
        }
        catch (ChatTemplateException exception)
        {
            Assert.True(exception.Line > 0);
            Assert.DoesNotContain('\n', exception.Message);
        }
        return true;
    }
}
