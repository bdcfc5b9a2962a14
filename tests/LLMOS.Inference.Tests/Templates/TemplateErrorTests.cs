namespace LLMOS.Inference.Tests.Templates;

public sealed class TemplateErrorTests
{
    [Theory]
    [InlineData("a\n{% if x %}\nb", 2, 4, "'if'", "endif")]
    [InlineData("a\n\n  {{ 1 + }}", 3, 10, "expected an expression", "'}}'")]
    [InlineData("{{ something nobody knows }}", 1, 14, "expected '}}'", "'nobody'")]
    [InlineData("x {% frobnicate %}", 1, 6, "'frobnicate'")]
    [InlineData("{{ 'abc }}", 1, 4, "string", "close it with '")]
    [InlineData("line\n{# never ends", 2, 1, "comment", "#}")]
    [InlineData("{% for x in %}{% endfor %}", 1, 13, "expected an expression")]
    [InlineData("{% set = 1 %}", 1, 8, "name of a variable", "'='")]
    [InlineData("{{ (1, 2] }}", 1, 9, "']'", "'('")]
    [InlineData("{{ a ? b }}", 1, 6, "'?'")]
    [InlineData("{% break %}", 1, 4, "'break'", "outside a loop")]
    [InlineData("{% raw %} {{ x }}", 1, 1, "raw", "endraw")]
    [InlineData("{% endfor %}", 1, 4, "'endfor'")]
    [InlineData("{{ f(a=1, 2) }}", 1, 11, "without a name")]
    [InlineData("{{ 0b12 }}", 1, 4, "'0b12' is no number")]
    [InlineData("{{ 999999999999999999999999999999999999999999 }}", 1, 4, "too large")]
    public void What_does_not_parse_names_its_place(string template, int line, int column, params string[] parts) => Refused(template, line, column, parts);

    [Theory]
    [InlineData("a\n{{ missing.name }}", 2, 11, "'missing' is undefined", "'name'")]
    [InlineData("{{ user.zip.code }}", 1, 12, "the dict's 'zip' is undefined")]
    [InlineData("{{ missing() }}", 1, 11, "'missing' is undefined and cannot be called")]
    [InlineData("\n\n{{ name + 1 }}", 3, 9, "string", "integer", "added")]
    [InlineData("{{ missing + 'x' }}", 1, 12, "'missing' is undefined")]
    [InlineData("{{ name | nofilter }}", 1, 11, "no filter 'nofilter'")]
    [InlineData("{{ name is notest }}", 1, 9, "no test 'notest'")]
    [InlineData("{{ missing | tojson }}", 1, 14, "'missing' is undefined", "JSON")]
    [InlineData("{% for x in 5 %}{% endfor %}", 1, 4, "integer", "no items")]
    [InlineData("{{ raise_exception('Roles must alternate.') }}", 1, 19, "Roles must alternate")]
    [InlineData("{{ 1 / 0 }}", 1, 6, "divided by zero")]
    [InlineData("{{ 1 < 'a' }}", 1, 4, "integer", "string", "no order")]
    [InlineData("{% set x.y = 1 %}", 1, 4, "'x'", "namespace()")]
    [InlineData("{% set a, b = [1] %}", 1, 4, "1 values", "a, b")]
    [InlineData("{{ items.append('x') }}", 1, 9, "append would change a list")]
    [InlineData("{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", 1, 35, "'m'", "at most 1 argument")]
    [InlineData("{{ name | trim(1, 2) }}", 1, 11, "trim takes at most 1 argument")]
    [InlineData("{{ name.split(by=1) }}", 1, 14, "no parameter 'by'", "sep, maxsplit")]
    [InlineData("{{ strftime_now('%Q') }}", 1, 16, "%Q")]
    [InlineData("{{ {[1]: 2} }}", 1, 4, "list", "key")]
    [InlineData("{{ 170141183460469231731687303715884105727 + 1 }}", 1, 44, "too large")]
    public void What_fails_names_its_place_and_what_is_wrong(string template, int line, int column, params string[] parts) => Refused(template, line, column, parts);

    private static void Refused(string template, int line, int column, string[] parts)
    {
        var exception = Assert.Throws<ChatTemplateException>(() => Jinja.Render(template));
        Assert.Equal(LlamaError.InvalidRequest, exception.Error);
        Assert.StartsWith($"The chat template fails at line {line}, column {column}: ", exception.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (exception.Line, exception.Column));
        foreach (var part in parts)
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
    }
}
